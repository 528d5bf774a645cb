import { useState } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../api/graphql'
import { FlowForm, type FlowFormProps } from '../kratos/FlowForm'
import { hasAuthenticator, hasRecoveryCodes, withNewCodes } from '../kratos/flow'
import { useText } from '../text/language'
import { Dialog } from '../ui/Dialog'
import { Form } from '../ui/Form'
import styles from './AccountPage.module.css'

/** With so few recovery codes it is time for new ones. */
const FEW = 3

export const RecoveryCodesQuery = graphql(`
  query RecoveryCodes {
    recoveryCodesLeft
  }
`)

/** The form of the authenticator app, or that of the recovery codes. It asks before something is removed. */
export function SecondFactor({ flow, group, busy, submit }: FlowFormProps) {
  const text = useText()
  const [removal, setRemoval] = useState<Record<string, unknown>>()
  const isCodes = group.name === 'lookup_secret'
  const remains = isCodes ? hasAuthenticator(flow) : hasRecoveryCodes(flow)
  const question = text.account.removals[isCodes ? 'codes' : 'app']
  return (
    <>
      {isCodes && hasRecoveryCodes(flow) && <CodesLeft />}
      {isCodes && !hasAuthenticator(flow) && <p role="note">{text.account.leftoverCodes}</p>}
      <FlowForm
        {...{ flow, busy }}
        group={isCodes && hasRecoveryCodes(flow) ? withNewCodes(group) : group}
        submit={async (values) => (isRemoval(values) ? setRemoval(values) : submit(values))}
      />
      {removal && (
        <Dialog title={question.title} onClose={() => setRemoval(undefined)}>
          <p>{remains ? question.remains : question.alone}</p>
          <Form
            submit={question.submit}
            danger
            onCancel={() => setRemoval(undefined)}
            onSubmit={async () => {
              await submit(removal)
              setRemoval(undefined)
              return undefined
            }}
          />
        </Dialog>
      )}
    </>
  )
}

const isRemoval = (values: Record<string, unknown>) => 'totp_unlink' in values || 'lookup_secret_disable' in values

/** How many recovery codes are left. Kratos's form does not say it unless it shows the codes. */
function CodesLeft() {
  const text = useText().account
  const [{ data }] = useQuery({ query: RecoveryCodesQuery, requestPolicy: 'network-only' })
  const left = data?.recoveryCodesLeft
  if (left === undefined || left === null) return null
  return left > FEW ? (
    <p>{text.codesLeft(left)}</p>
  ) : (
    <p role="alert" className={styles.notice}>
      {text.codesLeft(left)} {text.fewCodes}
    </p>
  )
}
