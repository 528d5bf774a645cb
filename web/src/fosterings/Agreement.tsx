import { readFragment, type FragmentOf } from '../api/graphql'
import { useLanguage } from '../text/language'
import { Named } from '../ui/Named'
import { Paragraphs } from '../ui/Paragraphs'
import { part } from '../ui/part'
import { AgreementFragment, type Agreed, type Sides } from './AgreementFragment'
import { Ending } from './Ending'
import { History } from './History'
import styles from './Fostering.module.css'
import { Proposal } from './Proposal'
import { Propose } from './Propose'
import { isOpen, isPromised, whoOf } from './status'

const References = part(() => import('../references/parts').then(({ References }) => References), { skeleton: null })

interface AgreementProps extends Sides {
  data: FragmentOf<typeof AgreementFragment>
  onReload: () => void
}

/** What both sides see and do alike: who ended the fostering and why, other days, an end, references, and what happened. */
export function Agreement({ data, side, other, onReload }: AgreementProps) {
  const { text: all, format } = useLanguage()
  const text = all.fostering
  const fostering = readFragment(AgreementFragment, data)
  const { vaccinatedUntil } = fostering.catProfile
  const sides = { side, other }
  return (
    <>
      {fostering.daysTaken && <p className={styles.history}>{side === 'OWNER' ? text.takenHint : text.yourDaysTaken}</p>}
      {isOpen(fostering.status) && vaccinatedUntil && vaccinatedUntil < fostering.endDate && (
        <p className={styles.history}>{all.facts.vaccinationEnds(format.day(vaccinatedUntil))}</p>
      )}
      <Outcome fostering={fostering} {...sides} />
      {fostering.openChange && <Proposal change={fostering.openChange} onReload={onReload} {...sides} />}
      {isPromised(fostering.status) && (
        <div className={styles.actions}>
          {!fostering.openChange && <Propose fostering={fostering} onReload={onReload} {...sides} />}
          <Ending fostering={fostering} onReload={onReload} {...sides} />
        </div>
      )}
      {fostering.status === 'COMPLETED' && <References fostering={fostering} onReload={onReload} {...sides} />}
      <History id={fostering.id} {...sides} />
    </>
  )
}

/** Who ended the fostering, and why. The card itself has the reason of a rejection. */
function Outcome({ fostering: { status, endedBy, endReason }, side, other }: Sides & { fostering: Agreed }) {
  const { outcome } = useLanguage().text.fostering
  if (status !== 'CANCELLED' && status !== 'COMPLETED' && status !== 'EXPIRED') return null
  return (
    <div className={styles.message}>
      <strong>
        <Named text={(name) => outcome[status](whoOf(endedBy, side), name)} name={other} />
      </strong>
      {endReason && <Paragraphs text={endReason} />}
    </div>
  )
}
