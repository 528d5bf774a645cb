import { readFragment } from '../api/graphql'
import * as limits from '../api/limits'
import { useCommunity, useToday } from '../app/viewer'
import type { Agreed, Sides } from '../fosterings/AgreementFragment'
import { dayIn } from '../text/format'
import { useLanguage } from '../text/language'
import { addDays, daysBetween } from '../ui/dates'
import { Named } from '../ui/Named'
import { ReferenceCard } from './ReferenceCard'
import { ReferenceFragment } from './ReferenceFragment'
import styles from './References.module.css'
import { useReferenceText } from './useReferenceText'
import { WriteReference } from './WriteReference'

interface ReferencesProps extends Sides {
  fostering: Agreed
  onReload: () => void
}

/** What the two sides of a fostering say about each other, as far as the viewer sees it, and the way to say it. */
export function References({ fostering, side, other, onReload }: ReferencesProps) {
  const { format } = useLanguage()
  const text = useReferenceText()
  const zone = useCommunity()?.timeZone
  const today = useToday()
  const references = fostering.references.map((reference) => readFragment(ReferenceFragment, reference))
  // From some time of this day on nobody can write any more, and all that was written is seen.
  const lastDay = fostering.endedAt && addDays(dayIn(fostering.endedAt, zone), limits.CONTACT_DAYS)
  const isHidden = lastDay && today <= lastDay && references.length === 1 && references[0]!.writtenBy === side && references[0]!.tookPlace
  if (references.length === 0 && !fostering.viewerCanRefer) return null
  return (
    <section className={styles.section} aria-label={text.title}>
      {fostering.references.map((reference, n) => (
        <ReferenceCard key={references[n]!.id} data={reference} own={references[n]!.writtenBy === side} />
      ))}
      {isHidden && (
        <p className={styles.hint}>
          <Named text={(name) => text.hidden(name, format.day(lastDay))} name={other} />
        </p>
      )}
      {fostering.viewerCanRefer && lastDay && (
        <div className={styles.write}>
          <WriteReference id={fostering.id} other={other} onReload={onReload} />
          <span className={styles.hint}>{text.left(daysBetween(today, lastDay))}</span>
        </div>
      )}
    </section>
  )
}
