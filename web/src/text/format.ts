import type { Day, Month, Period } from '../ui/dates'

/** Writes dates as the visitor is used to. */
export interface Format {
  day: (day: Day) => string
  longDay: (day: Day) => string
  period: (period: Period) => string
  month: (month: Month) => string
  /** The day of a point in time, where the visitor is. */
  date: (time: string) => string
  /** How long until something happens, such as "in 2 minutes". */
  after: (seconds: number) => string
  /** The names of the days of the week, from the first weekday on. */
  weekdays: { short: string; long: string }[]
  /** The first day of the week, from 1 (Monday) to 7. */
  firstWeekday: number
}

type WeekInfo = { firstDay: number }

/** Browsers have week information in one of two places, or not at all. */
function firstWeekdayOf(locale: string): number {
  const parsed = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo }
  return (parsed.getWeekInfo?.() ?? parsed.weekInfo)?.firstDay ?? 1
}

/** Returns the first of the browser's locales in the language, such as en-GB for en. */
function localeOf(language: string): string {
  return navigator.languages.find((locale) => locale.slice(0, 2) === language) ?? language
}

export function formatter(language: string): Format {
  const locale = localeOf(language)
  const calendar = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
  const medium = calendar({ dateStyle: 'medium' })
  const long = calendar({ dateStyle: 'full' })
  const month = calendar({ month: 'long', year: 'numeric' })
  const shortWeekday = calendar({ weekday: 'short' })
  const longWeekday = calendar({ weekday: 'long' })
  const local = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const relative = new Intl.RelativeTimeFormat(locale)
  const firstWeekday = firstWeekdayOf(locale)
  return {
    day: (day) => medium.format(new Date(day)),
    longDay: (day) => long.format(new Date(day)),
    period: ({ startDate, endDate }) => medium.formatRange(new Date(startDate), new Date(endDate)),
    month: (value) => month.format(new Date(value)),
    date: (time) => local.format(new Date(time)),
    after: (seconds) => (seconds < 90 ? relative.format(seconds, 'second') : relative.format(Math.ceil(seconds / 60), 'minute')),
    weekdays: Array.from({ length: 7 }, (_, place) => {
      const day = new Date(Date.UTC(2024, 0, firstWeekday + place)) // 1 January 2024 is a Monday.
      return { short: shortWeekday.format(day), long: longWeekday.format(day) }
    }),
    firstWeekday,
  }
}
