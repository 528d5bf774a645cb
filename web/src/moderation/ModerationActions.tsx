import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import * as limits from '../api/limits'
import { useLanguage } from '../text/language'
import { Badge } from '../ui/Badge'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { FailurePanel } from '../ui/FailurePanel'
import { Form, SelectField, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { Named } from '../ui/Named'
import { placeAround } from '../ui/placeAround'
import { ModerationActionsFragment } from './ModerationActionsFragment'
import { useModerationText } from './text'

export const SuspendUserMutation = graphql(
  `
    mutation SuspendUser($input: SuspendUserInput!) {
      suspendUser(input: $input) {
        id
        ...ModerationActions
      }
    }
  `,
  [ModerationActionsFragment],
)

export const ReinstateUserMutation = graphql(
  `
    mutation ReinstateUser($id: ID!) {
      reinstateUser(id: $id) {
        id
        ...ModerationActions
      }
    }
  `,
  [ModerationActionsFragment],
)

export const GrantModeratorMutation = graphql(
  `
    mutation GrantModerator($id: ID!) {
      grantModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,
  [ModerationActionsFragment],
)

export const RevokeModeratorMutation = graphql(
  `
    mutation RevokeModerator($id: ID!) {
      revokeModerator(userId: $id) {
        id
        ...ModerationActions
      }
    }
  `,
  [ModerationActionsFragment],
)

/** What a moderator may do about another member. Only admins see who moderates, and decide it. */
export function ModerationActions({ data }: { data: FragmentOf<typeof ModerationActionsFragment> }) {
  const text = useModerationText()
  const { format } = useLanguage()
  const member = readFragment(ModerationActionsFragment, data)
  const [dialog, setDialog] = useState<'suspend' | 'grant'>()
  const [failure, setFailure] = useState<Failure>()
  const [{ fetching: reinstating }, reinstate] = useMutation(ReinstateUserMutation)
  const [{ fetching: revoking }, revoke] = useMutation(RevokeModeratorMutation)
  const until = member.suspension?.until
  const undo = async (control: Element, mutation: typeof reinstate | typeof revoke) => {
    const place = placeAround(control)
    const { error } = await mutation({ id: member.id })
    setFailure(error && failureOf(error))
    if (!error) place?.focus({ preventScroll: true }) // The button is gone.
  }
  return (
    <>
      {failure && <FailurePanel failure={failure} />}
      {member.suspension ? (
        <>
          <Badge tone="bad">{until ? text.suspendedUntil(format.date(until), format.time(until)) : text.suspended}</Badge>
          <p dir="auto">{member.suspension.reason}</p>
          <Button small busy={reinstating} onClick={({ currentTarget }) => undo(currentTarget, reinstate)}>
            {text.reinstate}
          </Button>
        </>
      ) : (
        <Button small onClick={() => setDialog('suspend')}>
          {text.suspend}
        </Button>
      )}
      {member.isModerator === false && (
        <Button small onClick={() => setDialog('grant')}>
          {text.grant}
        </Button>
      )}
      {member.isModerator && !member.isAdmin && (
        <Button small busy={revoking} onClick={({ currentTarget }) => undo(currentTarget, revoke)}>
          {text.revoke}
        </Button>
      )}
      {dialog === 'suspend' && <Suspend {...member} onClose={() => setDialog(undefined)} />}
      {dialog === 'grant' && <Grant {...member} onClose={() => setDialog(undefined)} />}
    </>
  )
}

interface QuestionProps {
  id: string
  name: string
  onClose: () => void
}

const DAY = 86_400_000

/** Asks for how long and why. */
function Suspend({ id, name, onClose }: QuestionProps) {
  const text = useModerationText()
  const [, suspend] = useMutation(SuspendUserMutation)
  return (
    <Dialog title={<Named text={text.suspendQuestion} name={name} />} onClose={onClose}>
      <Form
        draft={`suspend-${id}`}
        submit={text.suspend}
        danger
        onCancel={onClose}
        onSubmit={async (form) => {
          const days = Number(textOf(form, 'days'))
          const until = days > 0 ? new Date(Date.now() + days * DAY).toISOString() : null
          const { error } = await suspend({ input: { userId: id, until, reason: textOf(form, 'reason') ?? '' } })
          if (error) return failureOf(error)
          onClose()
        }}
      >
        <p>{text.effects}</p>
        <SelectField label={text.howLong} name="days" defaultValue="7">
          {[1, 7, 30].map((days) => (
            <option key={days} value={days}>
              {text.days(days)}
            </option>
          ))}
          <option value="0">{text.open}</option>
        </SelectField>
        <TextArea label={text.reason} name="reason" hint={text.reasonHint} required maxLength={limits.MAX_TEXT} />
      </Form>
    </Dialog>
  )
}

/** Asks first, because a moderator keeps others out. */
function Grant({ id, name, onClose }: QuestionProps) {
  const text = useModerationText()
  const [, grant] = useMutation(GrantModeratorMutation)
  return (
    <Dialog title={<Named text={text.grantQuestion} name={name} />} onClose={onClose}>
      <Form
        submit={text.grant}
        onCancel={onClose}
        onSubmit={async () => {
          const { error } = await grant({ id })
          if (error) return failureOf(error)
          onClose()
        }}
      >
        <p>{text.powers}</p>
      </Form>
    </Dialog>
  )
}
