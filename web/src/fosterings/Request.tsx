import { useState } from 'react'
import { Link } from 'react-router'
import { useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useLanguage } from '../text/language'
import { Avatar } from '../ui/Avatar'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { FailurePanel } from '../ui/FailurePanel'
import { Form, TextArea } from '../ui/Form'
import { Icon } from '../ui/Icon'
import { textOf } from '../ui/input'
import { useNotice } from '../ui/notice'
import { Paragraphs } from '../ui/Paragraphs'
import styles from './Fostering.module.css'
import { StatusBadge } from './StatusBadge'

export const RequestFragment = graphql(`
  fragment Request on Fostering {
    id
    startDate
    endDate
    status
    message
    rejectionReason
    viewerCanApprove
    createdAt
    catProfile {
      id
      name
    }
    participant {
      id
      name
      bio
      location
      email
      completedFosterings
      createdAt
    }
  }
`)

export const ApproveFosteringMutation = graphql(
  `
    mutation ApproveFostering($id: ID!) {
      approveFostering(id: $id) {
        id
        ...Request
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
  [RequestFragment],
)

export const RejectFosteringMutation = graphql(
  `
    mutation RejectFostering($id: ID!, $reason: String) {
      rejectFostering(id: $id, reason: $reason) {
        id
        ...Request
      }
    }
  `,
  [RequestFragment],
)

export const CompleteFosteringMutation = graphql(
  `
    mutation CompleteFostering($id: ID!) {
      completeFostering(id: $id) {
        id
        ...Request
      }
    }
  `,
  [RequestFragment],
)

interface RequestProps {
  data: FragmentOf<typeof RequestFragment>
  level?: 2 | 3
  onReload: () => void
}

/** A fostering as the owner of the cat sees it: who asks, and what is known of them. */
export function Request({ data, level = 2, onReload }: RequestProps) {
  const Heading = `h${level}` as const
  const { text, format } = useLanguage()
  const request = readFragment(RequestFragment, data)
  const { participant, catProfile: cat } = request
  return (
    <article className={styles.card} tabIndex={-1}>
      <div className={styles.body}>
        <header className={styles.heading}>
          <Avatar id={participant.id} name={participant.name} />
          <div className={styles.person}>
            <Heading>
              <Link to={`/people/${participant.id}`}>{participant.name}</Link>
            </Heading>
            <p className={styles.history}>
              {text.person.completed(participant.completedFosterings)} · {text.person.since(format.date(participant.createdAt))}
              {participant.location && ` · ${participant.location}`}
            </p>
          </div>
          <StatusBadge status={request.status} />
        </header>
        <p className={styles.period}>
          <Icon name="calendar" />
          <span>
            <Link to={`/cats/${cat.id}`}>{cat.name}</Link>, {format.period(request)}
          </span>
        </p>
        {participant.email && (
          <p className={styles.period}>
            <Icon name="mail" />
            <a href={`mailto:${participant.email}`}>{participant.email}</a>
          </p>
        )}
        {participant.bio && <Paragraphs text={participant.bio} />}
        {request.message && (
          <blockquote className={styles.message}>
            <Paragraphs text={request.message} />
          </blockquote>
        )}
        {request.rejectionReason && (
          <div className={styles.message}>
            <strong>{text.fostering.yourReason}</strong>
            <Paragraphs text={request.rejectionReason} />
          </div>
        )}
        {request.viewerCanApprove && <Decide id={request.id} name={participant.name} onReload={onReload} />}
        {request.status === 'ACTIVE' && <Complete id={request.id} onReload={onReload} />}
      </div>
    </article>
  )
}

/** The owner's decision. Approving shows both sides each other's address. */
function Decide({ id, name, onReload }: { id: string; name: string; onReload: () => void }) {
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
            <TextArea label={text.fostering.reason} name="reason" maxLength={2000} optional hint={text.fostering.reasonHint(name)} />
          </Form>
        </Dialog>
      )}
    </>
  )
}

/** The owner may end a fostering before its last day. */
function Complete({ id, onReload }: { id: string; onReload: () => void }) {
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
