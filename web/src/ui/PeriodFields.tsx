import { useState } from 'react'
import * as limits from '../api/limits'
import { useToday } from '../app/viewer'
import { useLanguage } from '../text/language'
import { Calendar } from './Calendar'
import { addDays, overlapping, selectDay, type Day, type Period } from './dates'
import { TextField } from './Form'
import styles from './PeriodFields.module.css'

interface PeriodFieldsProps {
  taken: readonly Period[]
  initial?: Partial<Period>
  /** The last day of the cat's vaccination, if it is known. */
  vaccinatedUntil: Day | null
}

/** The first and the last day of a fostering, to type or to pick in a calendar that knows the taken days. */
export function PeriodFields({ taken, initial = {}, vaccinatedUntil }: PeriodFieldsProps) {
  const { text, format } = useLanguage()
  const today = useToday()
  const [selected, setSelected] = useState(initial)
  const { startDate = '', endDate = '' } = selected
  // A draft fills in both days before the page is shown again.
  const select = (day: Partial<Period>) => setSelected((days) => ({ ...days, ...day }))
  const conflict = startDate && endDate ? overlapping({ startDate, endDate }, taken) : undefined
  const problem = conflict && text.fostering.taken(format.period(conflict))
  return (
    <div className={styles.period}>
      <div className={styles.days}>
        <TextField
          label={text.fostering.startDate} name="startDate" type="date" required min={today}
          value={startDate} data-default={initial.startDate ?? ''} onChange={(event) => select({ startDate: event.target.value })}
        />
        <TextField
          label={text.fostering.endDate} name="endDate" type="date" required problem={problem}
          min={startDate || today} max={startDate ? addDays(startDate, limits.MAX_FOSTERING_DAYS) : undefined}
          value={endDate} data-default={initial.endDate ?? ''} onChange={(event) => select({ endDate: event.target.value })}
        />
      </div>
      <div role="status">{vaccinatedUntil && vaccinatedUntil < endDate && <p>{text.facts.vaccinationEnds(format.day(vaccinatedUntil))}</p>}</div>
      <Calendar taken={taken} selected={{ startDate: startDate || undefined, endDate: endDate || undefined }} onSelect={(day) => setSelected((days) => selectDay(days, day))} />
    </div>
  )
}
