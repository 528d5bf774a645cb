import type { Day, Month, Period } from '../ui/dates'

/** Writes dates as the visitor is used to. */
export interface Format {
  day: (day: Day) => string
  longDay: (day: Day) => string
  period: (period: Period) => string
  month: (month: Month) => string
  /** The day of a point in time, in a time zone: that of the community. */
  date: (time: string, timeZone?: string) => string
  /** The time of day of a point in time, in a time zone. */
  time: (time: string, timeZone?: string) => string
  /** How long until something happens, such as "in 2 minutes". */
  after: (seconds: number) => string
  /** The name of a country, of which the code is known. */
  country: (code: string) => string
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

const UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]] as const

/** Returns a time in one unit: in hours from two on, so that "90 minutes" stay. */
function inUnits(seconds: number): [number, 'day' | 'hour' | 'minute' | 'second'] {
  const whole = Math.max(1, Math.round(seconds))
  const [unit, length] = UNITS.find(([, length]) => whole >= length && (length <= 60 || whole % length === 0 || whole >= 2 * length))!
  return [Math.round(whole / length), unit]
}

/** Says how long ago a point in time was, such as "5 minutes ago". Kratos gives it in seconds since 1970. */
export function agoOf(language: string, unix: unknown): string {
  const [value, unit] = inUnits(Date.now() / 1000 - Number(unix))
  return new Intl.RelativeTimeFormat(language).format(-value, unit)
}

/** Says how much time is left until a point in time, such as "15 minutes". */
export function durationUntil(language: string, unix: unknown): string {
  const [value, unit] = inUnits(Number(unix) - Date.now() / 1000)
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}

/** Returns a format in a time zone; in UTC if the zone is newer than the browser, or not known yet. */
function inZone(locale: string, options: Intl.DateTimeFormatOptions, timeZone = 'UTC'): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone })
  } catch {
    return inZone(locale, options)
  }
}

/** Returns the day of a point in time, in a time zone: that of the community. */
export const dayIn = (time: string, timeZone?: string): Day =>
  inZone('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' }, timeZone).format(new Date(time))

export function formatter(language: string): Format {
  const locale = localeOf(language)
  const calendar = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
  const medium = calendar({ dateStyle: 'medium' })
  const long = calendar({ dateStyle: 'full' })
  const month = calendar({ month: 'long', year: 'numeric' })
  const shortWeekday = calendar({ weekday: 'short' })
  const longWeekday = calendar({ weekday: 'long' })
  const relative = new Intl.RelativeTimeFormat(locale)
  const countries = new Intl.DisplayNames(locale, { type: 'region' })
  const firstWeekday = firstWeekdayOf(locale)
  return {
    day: (day) => medium.format(new Date(day)),
    longDay: (day) => long.format(new Date(day)),
    period: ({ startDate, endDate }) => medium.formatRange(new Date(startDate), new Date(endDate)),
    month: (value) => month.format(new Date(value)),
    date: (time, timeZone) => inZone(locale, { dateStyle: 'medium' }, timeZone).format(new Date(time)),
    time: (time, timeZone) => inZone(locale, { timeStyle: 'short' }, timeZone).format(new Date(time)),
    after: (seconds) => (seconds < 90 ? relative.format(seconds, 'second') : relative.format(Math.ceil(seconds / 60), 'minute')),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
    weekdays: Array.from({ length: 7 }, (_, place) => {
      const day = new Date(Date.UTC(2024, 0, firstWeekday + place)) // 1 January 2024 is a Monday.
      return { short: shortWeekday.format(day), long: longWeekday.format(day) }
    }),
    firstWeekday,
  }
}
