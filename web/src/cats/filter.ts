import type { graphql } from '../api/graphql'
import * as limits from '../api/limits'
import { isDay } from '../ui/dates'
import { hasKey } from '../ui/hasKey'
import { sexes } from './facts'

/** The filters of the list of cats are in the address, so that a list can be shared and found again. */
interface Variables {
  filter: Filter
  orderBy: ReturnType<typeof graphql.scalar<'CatProfileOrder'>>
}

export type Filter = ReturnType<typeof graphql.scalar<'CatProfileFilter'>>

export const orders = {
  distance: { field: 'DISTANCE', direction: 'ASC' },
  newest: { field: 'CREATED_AT', direction: 'DESC' },
  oldest: { field: 'CREATED_AT', direction: 'ASC' },
  name: { field: 'NAME', direction: 'ASC' },
  youngest: { field: 'AGE', direction: 'ASC' },
  eldest: { field: 'AGE', direction: 'DESC' },
} as const

export type OrderName = keyof typeof orders

/** How far away cats may be, in kilometres. */
export const radii = [10, 25, 50, 100, 250, 500] as const

const USUAL_RADIUS = 50

const text = (value: string) => value
const day = (value: string) => (isDay(value) ? value : undefined)
const age = (value: string) => (/^\d+$/.test(value) && Number(value) <= limits.MAX_AGE ? Number(value) : undefined)
const yesOrNo = (value: string) => (value === 'true' ? true : value === 'false' ? false : undefined)

/** The filters, by their names in the API, the address and the form: each reads its value, and leaves out what cannot be used. */
const filters = {
  near: (value: string) => (/^[\w-]+$/.test(value) ? value : undefined),
  search: text,
  location: text,
  ageMin: age,
  ageMax: age,
  freeFrom: day,
  freeUntil: day,
  available: (value: string) => yesOrNo(value) || undefined,
  ownerId: text,
  sex: (value: string) => sexes.find((sex) => sex === value),
  breed: text,
  neutered: yesOrNo,
  vaccinatedOn: day,
  indoorOnly: yesOrNo,
  goodWithCats: yesOrNo,
  goodWithDogs: yesOrNo,
  goodWithChildren: yesOrNo,
  needsMedication: yesOrNo,
}

export type FilterName = keyof typeof filters

export const filterNames = Object.keys(filters) as FilterName[]

/** The filters that are true or false, but for that of the cats that look for a home. */
export const yesNoFilters = ['goodWithCats', 'goodWithDogs', 'goodWithChildren', 'neutered', 'indoorOnly', 'needsMedication'] as const

/** Returns the filter that the address asks for. */
export function filterOf(parameters: URLSearchParams): Filter {
  const { near, ...filter }: Omit<Filter, 'near'> & { near?: string } = Object.fromEntries(
    filterNames.flatMap((name) => {
      const typed = parameters.get(name)?.trim()
      const value = typed ? filters[name](typed) : undefined
      return value === undefined ? [] : [[name, value]]
    }),
  )
  // The API takes both days or none.
  const { freeFrom, freeUntil, ...others } = filter
  const usable = freeFrom && freeUntil && freeFrom <= freeUntil ? filter : others
  return near ? { near: { placeId: near, radiusKm: radiusOf(parameters) }, ...usable } : usable
}

/** Returns the variables of the query that the address asks for. */
export function variablesOf(parameters: URLSearchParams): Variables {
  return { filter: filterOf(parameters), orderBy: orders[orderOf(parameters)] }
}

/** Returns the parameters of an address without a filter. Both days of a period go together, and so do a place and the distance from it. */
export function without(parameters: URLSearchParams, name: FilterName): URLSearchParams {
  const next = new URLSearchParams(parameters)
  next.delete(name)
  if (name === 'freeFrom') next.delete('freeUntil')
  if (name === 'near') next.delete('radius')
  if (orderOf(next) === usualOrder(next)) next.delete('order')
  return next
}

/** Reports whether an address leaves out some cats. */
export const isFiltered = (parameters: URLSearchParams) => filterNames.some((name) => parameters.has(name))

/** Reports whether an address asks for cats near a place. */
export const isNear = (parameters: URLSearchParams) => filters.near(parameters.get('near')?.trim() ?? '') !== undefined

/** The order of a list whose address says none. */
const usualOrder = (parameters: URLSearchParams): OrderName => (isNear(parameters) ? 'distance' : 'newest')

/** Returns the order that the address asks for. Only what is near something has a distance. */
export function orderOf(parameters: URLSearchParams): OrderName {
  const order = parameters.get('order')
  return hasKey(orders, order) && (order !== 'distance' || isNear(parameters)) ? order : usualOrder(parameters)
}

/** Returns the distance that the address asks for. */
export function radiusOf(parameters: URLSearchParams): number {
  return radii.find((radius) => String(radius) === parameters.get('radius')) ?? USUAL_RADIUS
}

/** Returns the parameters of an address for the fields of the form. Empty fields are left out, and so is what the address before said unasked. */
export function parametersOf(fields: Iterable<[string, unknown]>, before = new URLSearchParams()): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of fields) {
    if (typeof value === 'string' && value.trim()) parameters.set(name, value.trim())
  }
  if (parameters.get('order') === usualOrder(before)) parameters.delete('order')
  if (!parameters.has('near') || radiusOf(parameters) === USUAL_RADIUS) parameters.delete('radius')
  return parameters
}
