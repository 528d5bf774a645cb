import type { Day } from '../ui/dates'

/** The facts about a cat that are true, false, or not known, in the order in which they are shown. */
export const yesNoFacts = ['neutered', 'microchipped', 'indoorOnly', 'goodWithCats', 'goodWithDogs', 'goodWithChildren', 'needsMedication'] as const

export const sexes = ['FEMALE', 'MALE'] as const

/** Returns for how many full months somebody who was born on a day has lived today. */
export function monthsOf(born: Day, today: Day): number {
  const [bornYear, bornMonth, bornDay] = born.split('-').map(Number) as [number, number, number]
  const [year, month, day] = today.split('-').map(Number) as [number, number, number]
  return (year - bornYear) * 12 + month - bornMonth - (day < bornDay ? 1 : 0)
}
