import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import * as limits from '../api/limits'
import { useToday } from '../app/viewer'
import { useLanguage } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Form, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { AgreementFragment, type Agreed, type Sides } from './AgreementFragment'

export const CancelFosteringMutation = graphql(
  `
    mutation CancelFostering($id: ID!, $reason: String, $seen: Time) {
      cancelFostering(id: $id, reason: $reason, expectedUpdatedAt: $seen) {
        id
        ...Agreement
      }
    }
  `,
  [AgreementFragment],
)

export const CompleteFosteringMutation = graphql(
  `
    mutation CompleteFostering($id: ID!, $reason: String, $seen: Time) {
      completeFostering(id: $id, reason: $reason, expectedUpdatedAt: $seen) {
        id
        ...Agreement
      }
    }
  `,
  [AgreementFragment],
)

/** Calls off what is approved, or ends what is under way. The other side relied on it, so the page asks why. */
export function Ending({ fostering, side, other, onReload }: Sides & { fostering: Agreed; onReload: () => void }) {
  const { text, format } = useLanguage()
  const notify = useNotice()
  const today = useToday()
  const [open, setOpen] = useState(false)
  const [, cancel] = useMutation(CancelFosteringMutation)
  const [, complete] = useMutation(CompleteFosteringMutation)
  const { id, updatedAt: seen, catProfile: cat, endDate } = fostering
  const begun = fostering.status === 'ACTIVE'
  const label = !begun ? text.fostering.callOff : side === 'OWNER' ? text.fostering.complete : text.fostering.end
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && (
        <Dialog title={<Named text={begun ? text.fostering.endQuestion : text.fostering.callOffQuestion} name={cat.name} />} onClose={() => setOpen(false)}>
          <Form
            draft={`end-${id}`}
            submit={label}
            danger={!begun}
            onCancel={() => setOpen(false)}
            onReload={onReload}
            now={format.period(fostering)}
            onSubmit={async (form) => {
              const { error } = await (begun ? complete : cancel)({ id, reason: textOf(form, 'reason') || null, seen })
              if (error) return failureOf(error)
              notify(begun ? text.fostering.completed : text.fostering.cancelled)
              setOpen(false)
            }}
          >
            <p>{begun ? text.fostering.endWarning : <Named text={text.fostering.callOffWarning} name={other} />}</p>
            <TextArea
              label={text.fostering.reason} name="reason" maxLength={limits.MAX_TEXT} hint={<Named text={text.fostering.reasonHint} name={other} />}
              {...(begun && endDate <= today ? { optional: true } : { required: true })}
            />
          </Form>
        </Dialog>
      )}
    </>
  )
}
