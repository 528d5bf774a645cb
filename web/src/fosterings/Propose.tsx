import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import * as limits from '../api/limits'
import { useToday } from '../app/viewer'
import { useLanguage } from '../text/language'
import { Button } from '../ui/Button'
import { addDays } from '../ui/dates'
import { Dialog } from '../ui/Dialog'
import { Form, TextArea, TextField } from '../ui/Form'
import { textOf } from '../ui/input'
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { PeriodFields } from '../ui/PeriodFields'
import { AgreementFragment, type Agreed, type Sides } from './AgreementFragment'

export const ProposeFosteringChangeMutation = graphql(
  `
    mutation ProposeFosteringChange($input: ProposeFosteringChangeInput!) {
      proposeFosteringChange(input: $input) {
        id
        ...Agreement
      }
    }
  `,
  [AgreementFragment],
)

/** Proposes other days. What has begun keeps its first day. */
export function Propose({ fostering, other, onReload }: Sides & { fostering: Agreed; onReload: () => void }) {
  const { text } = useLanguage()
  const notify = useNotice()
  const today = useToday()
  const [open, setOpen] = useState(false)
  const [, propose] = useMutation(ProposeFosteringChangeMutation)
  const { id, startDate, endDate, catProfile: cat } = fostering
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {text.fostering.propose}
      </Button>
      {open && (
        <Dialog title={<Named text={text.fostering.proposeTitle} name={cat.name} />} onClose={() => setOpen(false)}>
          <Form
            draft={`propose-${id}`}
            submit={text.fostering.propose}
            onCancel={() => setOpen(false)}
            onReload={onReload}
            onSubmit={async (form) => {
              const days = { startDate: textOf(form, 'startDate') || startDate, endDate: textOf(form, 'endDate') }
              const { error } = await propose({ input: { fosteringId: id, ...days, message: textOf(form, 'message') || null } })
              if (error) return failureOf(error)
              notify(<Named text={text.fostering.proposed} name={other} />)
              setOpen(false)
            }}
          >
            <p>
              <Named text={text.fostering.proposeHint} name={other} />
            </p>
            {fostering.status === 'ACTIVE' ? (
              <TextField
                label={text.fostering.endDate} name="endDate" type="date" required defaultValue={endDate}
                min={today} max={addDays(startDate, limits.MAX_FOSTERING_DAYS)}
              />
            ) : (
              <PeriodFields
                taken={cat.promisedPeriods.filter((taken) => taken.startDate !== startDate || taken.endDate !== endDate)}
                initial={{ startDate, endDate }}
                vaccinatedUntil={cat.vaccinatedUntil}
              />
            )}
            <TextArea label={text.fostering.message} name="message" maxLength={limits.MAX_TEXT} optional />
          </Form>
        </Dialog>
      )}
    </>
  )
}
