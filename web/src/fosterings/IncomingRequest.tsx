import { Link } from 'react-router'
import { readFragment, type FragmentOf } from '../api/graphql'
import { useLanguage } from '../text/language'
import { Avatar } from '../ui/Avatar'
import { Icon } from '../ui/Icon'
import { Paragraphs } from '../ui/Paragraphs'
import styles from './Fostering.module.css'
import { IncomingRequestFragment } from './IncomingRequestFragment'
import { Complete, Decide } from './OwnerActions'
import { StatusBadge } from './StatusBadge'

interface IncomingRequestProps {
  data: FragmentOf<typeof IncomingRequestFragment>
  level?: 2 | 3
  onReload: () => void
}

/** A fostering as the owner of the cat sees it: who asks, and what is known of them. */
export function IncomingRequest({ data, level = 2, onReload }: IncomingRequestProps) {
  const Heading = `h${level}` as const
  const { text, format } = useLanguage()
  const request = readFragment(IncomingRequestFragment, data)
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
