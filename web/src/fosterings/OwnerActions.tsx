import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf, isChanged, type Failure } from '../api/failure'
import { graphql, type ResultOf } from '../api/graphql'
import * as limits from '../api/limits'
import { useToday } from '../app/viewer'
import { useLanguage } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { FailurePanel } from '../ui/FailurePanel'
import { Form, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { placeAround } from '../ui/placeAround'
import styles from './Fostering.module.css'
import { IncomingRequestFragment } from './IncomingRequestFragment'
import { isGone } from './status'

export const ApproveFosteringMutation = graphql(
  `
    mutation ApproveFostering($id: ID!, $seen: Time) {
      approveFostering(id: $id, expectedUpdatedAt: $seen) {
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
    mutation RejectFostering($id: ID!, $reason: String, $seen: Time) {
      rejectFostering(id: $id, reason: $reason, expectedUpdatedAt: $seen) {
        id
        ...IncomingRequest
      }
    }
  `,
  [IncomingRequestFragment],
)

type Request = ResultOf<typeof IncomingRequestFragment>

/** The owner's decision about what the card shows. Approving shows both sides each other's address. */
export function Decide({ request, onReload }: { request: Request; onReload: () => void }) {
  const { text, format } = useLanguage()
  const { id, updatedAt: seen } = request
  const impossible = isGone(request, useToday()) || request.daysTaken
  const { name } = request.participant
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
          onRetry={() => {
            setFailure(undefined)
            onReload()
          }}
        >
          {isChanged(failure) && <p>{text.failure.now(format.period(request))}</p>}
        </FailurePanel>
      )}
      {!impossible && <p className={styles.history}>{text.fostering.approveHint}</p>}
      <div className={styles.actions}>
        {!impossible && (
          <Button
            kind="primary"
            busy={fetching}
            onClick={async ({ currentTarget }) => {
              const card = placeAround(currentTarget)
              const { error } = await approve({ id, seen })
              const failed = error && failureOf(error)
              setFailure(failed)
              if (isChanged(failed)) onReload()
              if (failed) return
              notify(<Named text={text.fostering.approved} name={name} />)
              card?.focus() // There is nothing left to decide, and the button is gone.
            }}
          >
            {text.fostering.approve}
          </Button>
        )}
        <Button onClick={() => setRejecting(true)}>{text.fostering.reject}</Button>
      </div>
      {rejecting && (
        <Dialog title={<Named text={text.fostering.rejectQuestion} name={name} />} onClose={() => setRejecting(false)}>
          <Form
            draft={`reject-${id}`}
            submit={text.fostering.reject}
            danger
            onCancel={() => setRejecting(false)}
            onReload={onReload}
            now={format.period(request)}
            onSubmit={async (form) => {
              const { error } = await reject({ id, reason: textOf(form, 'reason') || null, seen })
              if (error) return failureOf(error)
              notify(text.fostering.rejected)
              setRejecting(false)
            }}
          >
            <TextArea label={text.fostering.reason} name="reason" maxLength={limits.MAX_TEXT} optional hint={<Named text={text.fostering.reasonHint} name={name} />} />
          </Form>
        </Dialog>
      )}
    </>
  )
}
