import { Link } from 'react-router'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useDate } from '../app/viewer'
import { useMemberName } from '../people/MemberLink'
import { useLanguage } from '../text/language'
import { Named } from '../ui/Named'
import { Paragraphs } from '../ui/Paragraphs'
import styles from './Notifications.module.css'

export const NotificationItemFragment = graphql(`
  fragment NotificationItem on Notification {
    id
    kind
    createdAt
    readAt
    reason
    actor {
      id
      name
    }
    fostering {
      id
      startDate
      endDate
      catProfile {
        id
        name
      }
    }
    catProfile {
      id
      name
    }
  }
`)

/** The kinds that are about the security of the account. */
const ofTheAccount = ['PASSWORD_CHANGED', 'EMAIL_CHANGED', 'SECOND_FACTOR_CHANGED']

/** One thing that the viewer hears of: who did what, with which cat, and when. It leads to what it is about. */
export function NotificationItem({ data, onOpen }: { data: FragmentOf<typeof NotificationItemFragment>; onOpen: (about: string) => void }) {
  const { text, format } = useLanguage()
  const dateOf = useDate()
  const nameOf = useMemberName()
  const { kind, actor, fostering, catProfile, createdAt, readAt, reason } = readFragment(NotificationItemFragment, data)
  const kinds = text.notifications.kinds
  const cat = fostering?.catProfile ?? catProfile
  const what = actor ? <Named text={kinds[kind]} name={nameOf(actor.name)} /> : text.notifications.nobody[kind] ?? kinds[kind](text.notifications.somebody)
  return (
    <article className={readAt ? styles.item : styles.unread}>
      <p>
        {!readAt && <span className={styles.new}>{text.notifications.unread}</span>}{' '}
        {fostering ? (
          <Link to={`/fosterings/${fostering.id}`} onClick={() => onOpen(fostering.id)}>
            {what}
          </Link>
        ) : ofTheAccount.includes(kind) ? (
          <Link to="/settings">{what}</Link>
        ) : (
          what
        )}
      </p>
      {reason && <Paragraphs text={reason} />}
      <p className={styles.about}>
        {cat && (
          <>
            <bdi>{cat.name}</bdi>
            {' · '}
          </>
        )}
        {fostering && <>{format.period(fostering)} · </>}
        {dateOf(createdAt)}
      </p>
    </article>
  )
}
