import { Fragment } from 'react'
import { readFragment, type FragmentOf } from '../api/graphql'
import { useDate } from '../app/viewer'
import { CatLink } from '../cats/CatLink'
import { MemberLink, useMemberName } from '../people/MemberLink'
import { Portrait } from '../people/Portrait'
import { placeNames } from '../places/place'
import { ReferencesSummary } from '../references/ReferencesSummary'
import { useLanguage } from '../text/language'
import { Icon } from '../ui/Icon'
import { MailLink } from '../ui/MailLink'
import { Paragraphs } from '../ui/Paragraphs'
import { Agreement } from './Agreement'
import { ConversationLink } from './ConversationLink'
import styles from './Fostering.module.css'
import { IncomingRequestFragment } from './IncomingRequestFragment'
import { Decide } from './OwnerActions'
import { StatusBadge } from './StatusBadge'

interface IncomingRequestProps {
  data: FragmentOf<typeof IncomingRequestFragment>
  level?: 2 | 3
  /** Whether the conversation is below the card. */
  inConversation?: boolean
  onReload: () => void
}

/** A fostering as the owner of the cat sees it: who asks, and what is known of them. */
export function IncomingRequest({ data, level = 2, inConversation, onReload }: IncomingRequestProps) {
  const Heading = `h${level}` as const
  const { text, format } = useLanguage()
  const dateOf = useDate()
  const nameOf = useMemberName()
  const request = readFragment(IncomingRequestFragment, data)
  const { participant, catProfile: cat } = request
  return (
    <article className={styles.card} tabIndex={-1}>
      <div className={styles.body}>
        <header className={styles.heading}>
          <Portrait data={participant} />
          <div className={styles.person}>
            <Heading>
              <MemberLink id={participant.id} name={participant.name} />
            </Heading>
            <p className={styles.history}>
              {text.person.completed(participant.completedFosterings)} · {text.person.since(dateOf(participant.createdAt))}
              {placeNames(participant).map((name) => (
                <Fragment key={name}>
                  {' · '}
                  <bdi>{name}</bdi>
                </Fragment>
              ))}
            </p>
            <ReferencesSummary data={participant} className={styles.history} />
          </div>
          <StatusBadge {...request} />
        </header>
        <p className={styles.period}>
          <Icon name="calendar" />
          <span>
            <CatLink data={cat} />, {format.period(request)}
          </span>
        </p>
        {participant.email && (
          <p className={styles.period}>
            <Icon name="mail" />
            <MailLink address={participant.email} />
          </p>
        )}
        {participant.bio && <Paragraphs text={participant.bio} />}
        {request.message && !inConversation && (
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
        {!inConversation && (
          <div className={styles.actions}>
            <ConversationLink id={request.id} unread={request.unreadMessages} />
          </div>
        )}
        {request.viewerCanApprove && <Decide request={request} onReload={onReload} />}
        <Agreement data={request} side="OWNER" other={nameOf(participant.name)} onReload={onReload} />
      </div>
    </article>
  )
}
