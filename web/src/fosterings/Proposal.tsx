import { useState, type MouseEvent } from 'react'
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
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { Paragraphs } from '../ui/Paragraphs'
import { placeAround } from '../ui/placeAround'
import { AgreementFragment, type Agreed, type Sides } from './AgreementFragment'
import styles from './Fostering.module.css'

export const AcceptFosteringChangeMutation = graphql(
  `
    mutation AcceptFosteringChange($id: ID!) {
      acceptFosteringChange(id: $id) {
        id
        ...Agreement
      }
    }
  `,
  [AgreementFragment],
)

export const DeclineFosteringChangeMutation = graphql(
  `
    mutation DeclineFosteringChange($id: ID!, $reason: String) {
      declineFosteringChange(id: $id, reason: $reason) {
        id
        ...Agreement
      }
    }
  `,
  [AgreementFragment],
)

export const WithdrawFosteringChangeMutation = graphql(
  `
    mutation WithdrawFosteringChange($id: ID!) {
      withdrawFosteringChange(id: $id) {
        id
        ...Agreement
      }
    }
  `,
  [AgreementFragment],
)

interface ProposalProps extends Sides {
  change: NonNullable<Agreed['openChange']>
  onReload: () => void
}

/** Other days that wait for an answer: one side takes them back, the other one answers. */
export function Proposal({ change, side, other, onReload }: ProposalProps) {
  const { text, format } = useLanguage()
  const notify = useNotice()
  const [declining, setDeclining] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const [accepted, accept] = useMutation(AcceptFosteringChangeMutation)
  const [withdrawn, withdraw] = useMutation(WithdrawFosteringChangeMutation)
  const [, decline] = useMutation(DeclineFosteringChangeMutation)
  const own = change.proposedBy === side
  const period = format.period(change)

  async function answer({ currentTarget }: MouseEvent) {
    const card = placeAround(currentTarget)
    setFailure(undefined)
    const { error } = await (own ? withdraw : accept)({ id: change.id })
    if (error) return setFailure(failureOf(error))
    notify(own ? text.fostering.withdrawn : text.fostering.accepted(period))
    card?.focus() // The proposal is gone.
  }

  return (
    <div className={styles.message}>
      <strong>
        {own ? text.fostering.youPropose(period) : <Named text={(name) => text.fostering.otherProposes(name, period)} name={other} />}
      </strong>
      {change.message && <Paragraphs text={change.message} />}
      {failure && <FailurePanel failure={failure} onRetry={onReload} />}
      <div className={styles.actions}>
        <Button small kind={own ? undefined : 'primary'} busy={accepted.fetching || withdrawn.fetching} onClick={answer}>
          {own ? text.fostering.withdraw : text.fostering.accept}
        </Button>
        {!own && (
          <Button small onClick={() => setDeclining(true)}>
            {text.fostering.decline}
          </Button>
        )}
      </div>
      {declining && (
        <Dialog title={text.fostering.declineQuestion} onClose={() => setDeclining(false)}>
          <Form
            draft={`decline-${change.id}`}
            submit={text.fostering.decline}
            onCancel={() => setDeclining(false)}
            onReload={onReload}
            onSubmit={async (form) => {
              const { error } = await decline({ id: change.id, reason: textOf(form, 'reason') || null })
              if (error) return failureOf(error)
              notify(text.fostering.declined)
              setDeclining(false)
            }}
          >
            <TextArea label={text.fostering.reason} name="reason" maxLength={limits.MAX_TEXT} optional hint={<Named text={text.fostering.reasonHint} name={other} />} />
          </Form>
        </Dialog>
      )}
    </div>
  )
}
