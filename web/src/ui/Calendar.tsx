import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useToday } from '../app/viewer'
import { useLanguage } from '../text/language'
import {
  addDays, addMonths, firstDay, monthOf, moveMonths, overlapping, placeInWeek, weeksOf,
  type Day, type Month, type Period,
} from './dates'
import { Icon } from './Icon'
import styles from './Calendar.module.css'

interface CalendarProps {
  /** The periods in which the cat is promised. */
  taken: readonly Period[]
  selected?: Partial<Period>
  /** Makes the free days buttons. */
  onSelect?: (day: Day) => void
}

/** Two months with the days that are free, taken, selected and past. The arrow keys move between days. */
export function Calendar({ taken, selected = {}, onSelect }: CalendarProps) {
  const { text, format } = useLanguage()
  const grid = useRef<HTMLDivElement>(null)
  const moved = useRef(false) // by a key; a click moves the focus by itself
  const now = useToday()
  const [first, setFirst] = useState<Month>(monthOf(selected.startDate ?? now))
  const [focused, setFocused] = useState<Day>(selected.startDate ?? now)
  const months = [first, addMonths(first, 1)]
  // The calendar follows a first day that is typed elsewhere.
  const [followed, setFollowed] = useState(selected.startDate)
  if (followed !== selected.startDate) {
    setFollowed(selected.startDate)
    const { startDate } = selected
    if (startDate && startDate >= now && !months.includes(monthOf(startDate))) setFirst(monthOf(startDate))
  }
  // One day can be reached by the Tab key: the one that had the focus last, if it is shown.
  const reachable = months.includes(monthOf(focused)) ? focused : [firstDay(first), now].sort()[1]!

  function focusDay(day: Day) {
    if (day < now) return
    moved.current = true
    setFocused(day)
    if (!months.includes(monthOf(day))) setFirst(day < firstDay(first) ? monthOf(day) : addMonths(monthOf(day), -1))
  }

  useEffect(() => {
    if (!moved.current) return
    moved.current = false
    grid.current?.querySelector<HTMLElement>(`[data-day="${focused}"]`)?.focus()
  }, [focused])

  function move(event: KeyboardEvent, day: Day) {
    const place = placeInWeek(day, format.firstWeekday)
    const target = {
      ArrowLeft: addDays(day, -1),
      ArrowRight: addDays(day, 1),
      ArrowUp: addDays(day, -7),
      ArrowDown: addDays(day, 7),
      Home: addDays(day, -place),
      End: addDays(day, 6 - place),
      PageUp: moveMonths(day, -1),
      PageDown: moveMonths(day, 1),
    }[event.key]
    if (!target) return
    event.preventDefault()
    focusDay(target)
  }

  const inSelection = (day: Day) =>
    selected.startDate !== undefined && day >= selected.startDate && day <= (selected.endDate ?? selected.startDate)

  function stateOf(day: Day): 'past' | 'taken' | 'selected' | 'free' {
    if (day < now) return 'past'
    if (overlapping({ startDate: day, endDate: day }, taken)) return 'taken'
    return inSelection(day) ? 'selected' : 'free'
  }

  function renderDay(day: Day) {
    const state = stateOf(day)
    const label = `${format.longDay(day)}, ${text.calendar[state]}`
    const number = Number(day.slice(8))
    if (!onSelect) {
      return (
        <td key={day} className={styles.day} data-state={state}>
          <span aria-hidden="true">{number}</span>
          <span className="visually-hidden">{label}</span>
        </td>
      )
    }
    return (
      <td key={day} className={styles.day} data-state={state} data-end={day === selected.startDate || day === selected.endDate || undefined}>
        <button
          type="button"
          data-day={day}
          tabIndex={day === reachable ? 0 : -1}
          aria-label={label}
          aria-pressed={state === 'selected'}
          aria-disabled={state === 'past' || state === 'taken' || undefined}
          onKeyDown={(event) => move(event, day)}
          onClick={() => {
            setFocused(day)
            if (state === 'free' || state === 'selected') onSelect(day)
          }}
        >
          {number}
        </button>
      </td>
    )
  }

  return (
    <div className={styles.calendar} ref={grid}>
      <div className={styles.turn}>
        <button type="button" aria-label={text.calendar.previous} disabled={first <= monthOf(now)} onClick={() => setFirst(addMonths(first, -1))}>
          <Icon name="left" />
        </button>
        <button type="button" aria-label={text.calendar.next} onClick={() => setFirst(addMonths(first, 1))}>
          <Icon name="right" />
        </button>
      </div>
      <div className={styles.months}>
        {months.map((month) => (
          <table key={month} className={styles.month}>
            <caption>{format.month(month)}</caption>
            <thead>
              <tr>
                {format.weekdays.map(({ short, long }) => (
                  <th key={long} scope="col" abbr={long}>
                    {short}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {weeksOf(month, format.firstWeekday).map((week, row) => (
                <tr key={row}>{week.map((day, place) => (day ? renderDay(day) : <td key={place} />))}</tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
      <ul className={styles.legend}>
        <li data-state="free">{text.calendar.free}</li>
        <li data-state="taken">{text.calendar.taken}</li>
        {onSelect && <li data-state="selected">{text.calendar.selected}</li>}
      </ul>
    </div>
  )
}
