import { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { CommunityLayout, PlainLayout } from '../app/Layout'
import { ViewerQuery } from '../app/viewer'
import { BlockedMembers } from '../blocks/BlockedMembers'
import { isLoggedIn, logIn } from '../kratos/client'
import { FlowForm } from '../kratos/FlowForm'
import { followsRecovery, groupsOf, hasAuthenticator, hasRecoveryCodes, isSaved, type Flow, type NodeGroup } from '../kratos/flow'
import { useFlow, type FlowState } from '../kratos/useFlow'
import { MailSettings } from '../notifications/MailSettings'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { PageTitle } from '../ui/PageTitle'
import { AccountPage, FlowStatus } from './AccountPage'
import styles from './AccountPage.module.css'
import { DeleteAccount } from './DeleteAccount'
import { SecondFactor } from './SecondFactor'
import { Section } from './Section'
import { Sessions } from './Sessions'

/** The groups in the order in which they are shown; others follow. */
const ORDER = ['profile', 'password', 'totp', 'lookup_secret']

const SECOND_FACTOR = ['totp', 'lookup_secret']

const placeOf = ({ name }: NodeGroup) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)

/** Name, address, password and second factor, each a form of its own, the sessions, and the end of the account. */
export function SettingsPage() {
  const text = useText().account
  const state = useFlow('settings')
  const [parameters] = useSearchParams()
  const [newPassword] = useState(parameters.has('new_password'))
  const { flow } = state
  // The group whose form was sent last: what there is to say belongs to it.
  const [submitted, setSubmitted] = useState<string>()
  // The flow that came from a recovery; its message is gone once the new password is set.
  const [recovery, setRecovery] = useState<string>()
  if (flow && (newPassword || followsRecovery(flow)) && recovery !== flow.id) setRecovery(flow.id)
  if (flow && flow.id === recovery) {
    return (
      <PlainLayout>
        <NewPassword state={state} flow={flow} />
      </PlainLayout>
    )
  }
  return (
    <CommunityLayout>
      <div className={styles.settings}>
        <PageTitle title={text.settings} />
        {!submitted && <FlowStatus state={state} />}
        {flow && <Sections {...{ state, flow, submitted, setSubmitted }} />}
        {flow && <MailSettings />}
        {flow && <BlockedMembers />}
        {flow && <Sessions />}
        {flow && 'identity' in flow && <DeleteAccount email={String((flow.identity.traits as { email?: string }).email ?? '')} />}
      </div>
    </CommunityLayout>
  )
}

interface SectionsProps {
  state: FlowState
  flow: Flow
  submitted?: string
  setSubmitted: (group: string) => void
}

function Sections({ state, flow, submitted, setSubmitted }: SectionsProps) {
  const text = useText().account
  // For the menu and the new address, because Kratos knows nothing of the community.
  useQuery({ query: ViewerQuery, requestPolicy: 'cache-and-network' })
  const groups = groupsOf(flow.ui.nodes).sort((a, b) => placeOf(a) - placeOf(b))
  // Codes without an authenticator app would be asked for at every login.
  const shown = groups.filter(({ name }) => name !== 'lookup_secret' || hasAuthenticator(flow) || hasRecoveryCodes(flow))
  return shown.map((group) => {
    const section = text.sections[group.name]
    const GroupForm = SECOND_FACTOR.includes(group.name) ? SecondFactor : FlowForm
    return (
      <Section key={group.name} title={section?.title ?? group.name} intro={section?.intro}>
        {group.name === submitted && <FlowStatus state={state} />}
        <GroupForm
          {...{ flow, group, busy: state.busy }}
          submit={(values) => {
            setSubmitted(group.name)
            return state.submit(values)
          }}
        />
      </Section>
    )
  })
}

/**
 * After a recovery nobody knows the password, and the session may do nothing but set a new one. A login with that password
 * makes it a session like any other.
 */
function NewPassword({ state, flow }: { state: FlowState; flow: Flow }) {
  const text = useText().account
  const [password, setPassword] = useState('')
  const [loggedIn, setLoggedIn] = useState<boolean>()
  const saved = isSaved(flow)
  useEffect(() => {
    if (saved) void logIn(password).then((step) => setLoggedIn(isLoggedIn(step)))
  }, [saved]) // oxlint-disable-line react-hooks/exhaustive-deps
  if (saved) {
    const path = state.returnTo ?? '/'
    return (
      <AccountPage title={text.passwordSet} state={state}>
        {loggedIn !== undefined && (
          <ButtonLink kind="primary" to={loggedIn ? path : `/login?refresh=true&return_to=${encodeURIComponent(path)}`} reloadDocument>
            {text.continue}
          </ButtonLink>
        )}
      </AccountPage>
    )
  }
  const group = groupsOf(flow.ui.nodes).find(({ name }) => name === 'password')
  return (
    <AccountPage title={text.newPassword} intro={text.newPasswordIntro} state={state}>
      {group && (
        <FlowForm
          {...{ flow, group, busy: state.busy }}
          submit={(values) => {
            const chosen = String(values.password)
            setPassword(chosen)
            // Kratos sends the browser where the visitor wanted to go, if it knows that.
            return state.submit(values, () => logIn(chosen))
          }}
        />
      )}
    </AccountPage>
  )
}
