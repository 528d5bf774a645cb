import { useState } from 'react'
import { Link } from 'react-router'
import { useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql'
import * as limits from '../api/limits'
import { useLanguage } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { FailurePanel } from '../ui/FailurePanel'
import { Form, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { useNotice } from '../ui/notice'
import { Paragraphs } from '../ui/Paragraphs'
import { PeriodFields } from '../ui/PeriodFields'
import { Photo } from '../ui/Photo'
import styles from './Fostering.module.css'
import { canCancel } from './status'
import { StatusBadge } from './StatusBadge'

export const MyFosteringFragment = graphql(`
  fragment MyFostering on Fostering {
    id
    startDate
    endDate
    status
    message
    rejectionReason
    viewerCanEdit
    catProfile {
      id
      name
      photosUrls
      promisedPeriods {
        startDate
        endDate
      }
      owner {
        id
        name
        email
      }
    }
  }
`)

export const UpdateFosteringMutation = graphql(
  `
    mutation UpdateFostering($id: ID!, $input: UpdateFosteringInput!) {
      updateFostering(id: $id, input: $input) {
        id
        ...MyFostering
      }
    }
  `,
  [MyFosteringFragment],
)

export const CancelFosteringMutation = graphql(
  `
    mutation CancelFostering($id: ID!) {
      cancelFostering(id: $id) {
        id
        ...MyFostering
      }
    }
  `,
  [MyFosteringFragment],
)

interface MyFosteringProps {
  data: FragmentOf<typeof MyFosteringFragment>
  level?: 2 | 3
  onReload: () => void
}

/** A fostering as its participant sees it. */
export function MyFostering({ data, level = 2, onReload }: MyFosteringProps) {
  const Heading = `h${level}` as const
  const { text, format } = useLanguage()
  const fostering = readFragment(MyFosteringFragment, data)
  const { catProfile: cat, status } = fostering
  const notify = useNotice()
  const [failure, setFailure] = useState<Failure>()
  const [, cancel] = useMutation(CancelFosteringMutation)

  // The card shows the answer before the API has given it, and what went wrong if it is another.
  async function withdraw() {
    setFailure(undefined)
    const { error } = await cancel({ id: fostering.id })
    if (error) setFailure(failureOf(error))
    else notify(text.fostering.cancelled)
  }

  return (
    <article className={styles.card} tabIndex={-1}>
      <div className={styles.photo}>
        <Photo url={cat.photosUrls[0]} alt="" id={cat.id} />
      </div>
      <div className={styles.body}>
        <header className={styles.heading}>
          <Heading>
            <Link to={`/cats/${cat.id}`}>{cat.name}</Link>
          </Heading>
          <StatusBadge status={status} />
        </header>
        <p className={styles.period}>{format.period(fostering)}</p>
        <p>
          {text.cat.livesWith} <Link to={`/people/${cat.owner.id}`}>{cat.owner.name}</Link>
          {cat.owner.email && (
            <>
              {' · '}
              <a href={`mailto:${cat.owner.email}`}>{cat.owner.email}</a>
            </>
          )}
        </p>
        {fostering.message && (
          <blockquote className={styles.message}>
            <Paragraphs text={fostering.message} />
          </blockquote>
        )}
        {fostering.rejectionReason && (
          <div className={styles.message}>
            <strong>{text.fostering.reasonOf(cat.owner.name)}</strong>
            <Paragraphs text={fostering.rejectionReason} />
          </div>
        )}
        {failure && (
          <FailurePanel
            failure={failure}
            onRetry={() => {
              setFailure(undefined)
              onReload()
            }}
          />
        )}
        <div className={styles.actions}>
          {fostering.viewerCanEdit && <Edit fostering={fostering} onReload={onReload} />}
          {canCancel(status) && <Cancel name={cat.name} onConfirm={withdraw} />}
        </div>
      </div>
    </article>
  )
}

type Fostering = ResultOf<typeof MyFosteringFragment>

function Edit({ fostering, onReload }: { fostering: Fostering; onReload: () => void }) {
  const { text } = useLanguage()
  const notify = useNotice()
  const [open, setOpen] = useState(false)
  const [, update] = useMutation(UpdateFosteringMutation)
  const { startDate, endDate, message, catProfile } = fostering
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {text.ui.edit}
      </Button>
      {open && (
        <Dialog title={text.fostering.edit(catProfile.name)} onClose={() => setOpen(false)}>
          <Form
            submit={text.ui.save}
            onCancel={() => setOpen(false)}
            onReload={onReload}
            conflict={text.failure.faster}
            onSubmit={async (form) => {
              const input = { startDate: textOf(form, 'startDate'), endDate: textOf(form, 'endDate'), message: textOf(form, 'message') }
              const { error } = await update({ id: fostering.id, input })
              if (error) return failureOf(error)
              notify(text.ui.saved)
              setOpen(false)
            }}
          >
            <PeriodFields taken={catProfile.promisedPeriods} initial={{ startDate, endDate }} />
            <TextArea label={text.fostering.message} name="message" maxLength={limits.MAX_TEXT} optional defaultValue={message ?? undefined} />
          </Form>
        </Dialog>
      )}
    </>
  )
}

function Cancel({ name, onConfirm }: { name: string; onConfirm: () => Promise<void> }) {
  const { text } = useLanguage()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {text.fostering.cancel}
      </Button>
      {open && (
        <Dialog title={text.fostering.cancelQuestion(name)} onClose={() => setOpen(false)}>
          <Form
            submit={text.fostering.cancel}
            danger
            onCancel={() => setOpen(false)}
            onSubmit={async () => {
              setOpen(false)
              await onConfirm()
              return undefined
            }}
          >
            <p>{text.fostering.cancelWarning}</p>
          </Form>
        </Dialog>
      )}
    </>
  )
}
