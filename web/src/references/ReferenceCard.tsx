import { readFragment, type FragmentOf } from '../api/graphql'
import { useDate } from '../app/viewer'
import { MemberLink } from '../people/MemberLink'
import { Badge } from '../ui/Badge'
import { Paragraphs } from '../ui/Paragraphs'
import { ReferenceFragment } from './ReferenceFragment'
import styles from './References.module.css'
import { useReferenceText } from './useReferenceText'

/** One reference: who recommends or not, and why. */
export function ReferenceCard({ data, own }: { data: FragmentOf<typeof ReferenceFragment>; own?: boolean }) {
  const text = useReferenceText()
  const dateOf = useDate()
  const { author, writtenBy, tookPlace, recommends, text: words, privateNote, createdAt } = readFragment(ReferenceFragment, data)
  return (
    <article className={styles.reference}>
      <p className={styles.heading}>
        {own ? <strong>{text.yours}</strong> : <MemberLink id={author.id} name={author.name} />}
        {tookPlace ? <Badge tone={recommends ? 'good' : 'bad'}>{recommends ? text.recommends : text.doesNotRecommend}</Badge> : <Badge tone="plain">{text.didNotTakePlace}</Badge>}
        <span className={styles.when}>
          {writtenBy === 'OWNER' ? text.asOwner : text.asParticipant} · {dateOf(createdAt)}
        </span>
      </p>
      {words && <Paragraphs text={words} />}
      {privateNote && (
        <div className={styles.note}>
          <strong>{text.privateNote}</strong>
          <Paragraphs text={privateNote} />
        </div>
      )}
    </article>
  )
}
