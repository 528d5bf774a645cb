import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf, isChanged, type Failure } from '../api/failure'
import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql'
import * as limits from '../api/limits'
import { CatLink, CatLinkFragment } from '../cats/CatLink'
import { MemberLink, useMemberName } from '../people/MemberLink'
import { CatPhotosFragment, picturesOf } from '../photos/picture'
import { useLanguage } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { FailurePanel } from '../ui/FailurePanel'
import { Form, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { MailLink } from '../ui/MailLink'
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { Paragraphs } from '../ui/Paragraphs'
import { PeriodFields } from '../ui/PeriodFields'
import { Photo } from '../ui/Photo'
import { Agreement } from './Agreement'
import { AgreementFragment } from './AgreementFragment'
import { CancelFosteringMutation } from './Ending'
import { ConversationLink } from './ConversationLink'
import styles from './Fostering.module.css'
import { StatusBadge } from './StatusBadge'

export const MyFosteringFragment = graphql(
  `
    fragment MyFostering on Fostering {
      id
      startDate
      endDate
      status
      message
      rejectionReason
      viewerCanEdit
      unreadMessages
      updatedAt
      ...Agreement
      catProfile {
        id
        name
        archived
        ...CatLink
        ...CatPhotos
        owner {
          id
          name
          email
        }
      }
    }
  `,
  [AgreementFragment, CatLinkFragment, CatPhotosFragment],
)

export const UpdateFosteringMutation = graphql(
  `
    mutation UpdateFostering($id: ID!, $input: UpdateFosteringInput!, $seen: Time) {
      updateFostering(id: $id, input: $input, expectedUpdatedAt: $seen) {
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
  /** Whether the conversation is below the card. */
  inConversation?: boolean
  onReload: () => void
}

/** A fostering as its participant sees it. */
export function MyFostering({ data, level = 2, inConversation, onReload }: MyFosteringProps) {
  const Heading = `h${level}` as const
  const { text, format } = useLanguage()
  const fostering = readFragment(MyFosteringFragment, data)
  const { catProfile: cat, status } = fostering
  const nameOf = useMemberName()
  const notify = useNotice()
  const [failure, setFailure] = useState<Failure>()
  const [, cancel] = useMutation(CancelFosteringMutation)

  // The card shows the answer before the API has given it, and what went wrong if it is another.
  async function withdraw() {
    setFailure(undefined)
    const { error } = await cancel({ id: fostering.id, seen: fostering.updatedAt })
    const failed = error && failureOf(error)
    setFailure(failed)
    if (isChanged(failed)) onReload()
    if (!failed) notify(text.fostering.cancelled)
  }

  return (
    <article className={styles.card} tabIndex={-1}>
      <div className={styles.photo}>
        <Photo picture={picturesOf(cat)[0]} alt="" id={cat.id} sizes="(min-width: 40rem) 16rem, 100vw" />
      </div>
      <div className={styles.body}>
        <header className={styles.heading}>
          <Heading>
            <CatLink data={cat} />
          </Heading>
          <StatusBadge {...fostering} />
        </header>
        <p className={styles.period}>{format.period(fostering)}</p>
        <p>
          {cat.archived ? text.cat.livedWith : text.cat.livesWith} <MemberLink id={cat.owner.id} name={cat.owner.name} />
          {cat.owner.email && (
            <>
              {' · '}
              <MailLink address={cat.owner.email} />
            </>
          )}
        </p>
        {fostering.message && !inConversation && (
          <blockquote className={styles.message}>
            <Paragraphs text={fostering.message} />
          </blockquote>
        )}
        {fostering.rejectionReason && (
          <div className={styles.message}>
            <strong>
              <Named text={text.fostering.reasonOf} name={nameOf(cat.owner.name)} />
            </strong>
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
          {status === 'PENDING' && <Cancel name={cat.name} onConfirm={withdraw} />}
          {!inConversation && <ConversationLink id={fostering.id} unread={fostering.unreadMessages} />}
        </div>
        <Agreement data={fostering} side="PARTICIPANT" other={nameOf(cat.owner.name)} onReload={onReload} />
      </div>
    </article>
  )
}

type Fostering = ResultOf<typeof MyFosteringFragment>

function Edit({ fostering, onReload }: { fostering: Fostering; onReload: () => void }) {
  const { text, format } = useLanguage()
  const notify = useNotice()
  const [open, setOpen] = useState(false)
  const [, update] = useMutation(UpdateFosteringMutation)
  const { startDate, endDate, message } = fostering
  const { catProfile } = readFragment(AgreementFragment, fostering)
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {text.ui.edit}
      </Button>
      {open && (
        <Dialog title={<Named text={text.fostering.edit} name={catProfile.name} />} onClose={() => setOpen(false)}>
          <Form
            draft={`fostering-${fostering.id}`}
            submit={text.ui.save}
            onCancel={() => setOpen(false)}
            onReload={onReload}
            now={format.period(fostering)}
            onSubmit={async (form) => {
              const input = { startDate: textOf(form, 'startDate'), endDate: textOf(form, 'endDate'), message: textOf(form, 'message') }
              const { error } = await update({ id: fostering.id, input, seen: fostering.updatedAt })
              if (error) return failureOf(error)
              notify(text.ui.saved)
              setOpen(false)
            }}
          >
            <PeriodFields taken={catProfile.promisedPeriods} initial={{ startDate, endDate }} vaccinatedUntil={catProfile.vaccinatedUntil} />
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
        <Dialog title={<Named text={text.fostering.cancelQuestion} name={name} />} onClose={() => setOpen(false)}>
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
