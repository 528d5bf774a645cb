import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { graphql } from '../api/graphql'
import * as limits from '../api/limits'
import { useLanguage } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { FailurePanel } from '../ui/FailurePanel'
import { Form, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { useNotice } from '../ui/notice'
import styles from './Fostering.module.css'
import { IncomingRequestFragment } from './IncomingRequestFragment'

export const ApproveFosteringMutation = graphql(
  `
    mutation ApproveFostering($id: ID!) {
      approveFostering(id: $id) {
        id
        ...IncomingRequest
        catProfile {
          id
          promisedPeriods {
            startDate
            endDate
          }
        }
      }
    }
  `,
  [IncomingRequestFragment],
)

export const RejectFosteringMutation = graphql(
  `
    mutation RejectFostering($id: ID!, $reason: String) {
      rejectFostering(id: $id, reason: $reason) {
        id
        ...IncomingRequest
      }
    }
  `,
  [IncomingRequestFragment],
)

export const CompleteFosteringMutation = graphql(
  `
    mutation CompleteFostering($id: ID!) {
      completeFostering(id: $id) {
        id
        ...IncomingRequest
      }
    }
  `,
  [IncomingRequestFragment],
)

/** The owner's decision. Approving shows both sides each other's address. */
export function Decide({ id, name, onReload }: { id: string; name: string; onReload: () => void }) {
  const { text } = useLanguage()
  const notify = useNotice()
  const [rejecting, setRejecting] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const [{ fetching }, approve] = useMutation(ApproveFosteringMutation)
  const [, reject] = useMutation(RejectFosteringMutation)
  return (
    <>
      {failure && (
        <FailurePanel
          failure={failure}
          conflict={text.failure.faster}
          onRetry={() => {
            setFailure(undefined)
            onReload()
          }}
        />
      )}
      <p className={styles.history}>{text.fostering.approveHint}</p>
      <div className={styles.actions}>
        <Button
          kind="primary"
          busy={fetching}
          onClick={async ({ currentTarget }) => {
            const card = currentTarget.closest('article')
            const { error } = await approve({ id })
            setFailure(error && failureOf(error))
            if (error) return
            notify(text.fostering.approved(name))
            card?.focus() // There is nothing left to decide, and the button is gone.
          }}
        >
          {text.fostering.approve}
        </Button>
        <Button onClick={() => setRejecting(true)}>{text.fostering.reject}</Button>
      </div>
      {rejecting && (
        <Dialog title={text.fostering.rejectQuestion(name)} onClose={() => setRejecting(false)}>
          <Form
            submit={text.fostering.reject}
            danger
            onCancel={() => setRejecting(false)}
            onReload={onReload}
            onSubmit={async (form) => {
              const { error } = await reject({ id, reason: textOf(form, 'reason') || null })
              if (error) return failureOf(error)
              notify(text.fostering.rejected)
              setRejecting(false)
            }}
          >
            <TextArea label={text.fostering.reason} name="reason" maxLength={limits.MAX_TEXT} optional hint={text.fostering.reasonHint(name)} />
          </Form>
        </Dialog>
      )}
    </>
  )
}

/** The owner may end a fostering before its last day. */
export function Complete({ id, onReload }: { id: string; onReload: () => void }) {
  const { text } = useLanguage()
  const notify = useNotice()
  const [failure, setFailure] = useState<Failure>()
  const [{ fetching }, complete] = useMutation(CompleteFosteringMutation)
  return (
    <>
      {failure && <FailurePanel failure={failure} onRetry={onReload} />}
      <div className={styles.actions}>
        <Button
          busy={fetching}
          onClick={async ({ currentTarget }) => {
            const card = currentTarget.closest('article')
            const { error } = await complete({ id })
            setFailure(error && failureOf(error))
            if (error) return
            notify(text.fostering.completed)
            card?.focus()
          }}
        >
          {text.fostering.complete}
        </Button>
      </div>
    </>
  )
}
