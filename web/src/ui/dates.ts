/**
 * Calendar days are texts such as "2026-12-01", as the API writes them. They compare in their order, and are days of the
 * community: useToday says which one it is.
 */
export type Day = string

/** A calendar month, such as "2026-12". */
export type Month = string

export interface Period {
  startDate: Day
  endDate: Day
}

const utc = (day: Day) => new Date(`${day}T00:00:00Z`)
const dayOf = (date: Date): Day => date.toISOString().slice(0, 10)

/** Reports whether a text is a day of the calendar. */
export const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !isNaN(utc(text).getTime()) && dayOf(utc(text)) === text

export const monthOf = (day: Day): Month => day.slice(0, 7)

export const firstDay = (month: Month): Day => `${month}-01`

export function addDays(day: Day, days: number): Day {
  const date = utc(day)
  date.setUTCDate(date.getUTCDate() + days)
  return dayOf(date)
}

/** Returns how many days a day is after another one. */
export const daysBetween = (first: Day, last: Day): number => (utc(last).getTime() - utc(first).getTime()) / 86_400_000

export function addMonths(month: Month, months: number): Month {
  const date = utc(firstDay(month))
  date.setUTCMonth(date.getUTCMonth() + months)
  return monthOf(dayOf(date))
}

/** Returns the same day of another month, or the last day of that month if it is shorter. */
export function moveMonths(day: Day, months: number): Day {
  const month = addMonths(monthOf(day), months)
  const last = addDays(firstDay(addMonths(month, 1)), -1)
  const same = `${month}-${day.slice(8)}`
  return same < last ? same : last
}

/** Returns the day's place in the week, 0 to 6, in a week that begins on a weekday from 1 (Monday) to 7. */
export function placeInWeek(day: Day, firstWeekday: number): number {
  return (utc(day).getUTCDay() - firstWeekday + 7) % 7
}

/** Returns the weeks of a month; days of other months are null. */
export function weeksOf(month: Month, firstWeekday: number): (Day | null)[][] {
  const first = firstDay(month)
  const days: (Day | null)[] = Array<null>(placeInWeek(first, firstWeekday)).fill(null)
  for (let day = first; monthOf(day) === month; day = addDays(day, 1)) days.push(day)
  while (days.length % 7) days.push(null)
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
}

/** Returns the first of the periods that shares a day with the given one. */
export function overlapping(period: Period, periods: readonly Period[]): Period | undefined {
  return periods.find((p) => p.startDate <= period.endDate && period.startDate <= p.endDate)
}

/** Returns the days that a click on a day selects: the first click a first day, the second a last day. */
export function selectDay(selected: Partial<Period>, day: Day): Partial<Period> {
  const { startDate, endDate } = selected
  return startDate && !endDate && day >= startDate ? { startDate, endDate: day } : { startDate: day }
}
