import type { graphql } from '../api/graphql'
import * as limits from '../api/limits'
import { isDay } from '../ui/dates'
import { hasKey } from '../ui/hasKey'

/** The filters of the list of cats are in the address, so that a list can be shared and found again. */
interface Variables {
  filter: ReturnType<typeof graphql.scalar<'CatProfileFilter'>>
  orderBy: ReturnType<typeof graphql.scalar<'CatProfileOrder'>>
}

export const orders = {
  newest: { field: 'CREATED_AT', direction: 'DESC' },
  oldest: { field: 'CREATED_AT', direction: 'ASC' },
  name: { field: 'NAME', direction: 'ASC' },
  youngest: { field: 'AGE', direction: 'ASC' },
  eldest: { field: 'AGE', direction: 'DESC' },
} as const

export type OrderName = keyof typeof orders

/** The names of the fields of the form, and of the parameters of the address. */
export const filterNames = ['search', 'location', 'ageMin', 'ageMax', 'freeFrom', 'freeUntil', 'available'] as const

/** Returns the variables of the query that the address asks for. What cannot be used is left out. */
export function variablesOf(parameters: URLSearchParams): Variables {
  const text = (name: string) => parameters.get(name)?.trim() || undefined
  const freeFrom = text('freeFrom')
  const freeUntil = text('freeUntil')
  const filter = {
    search: text('search'),
    location: text('location'),
    ownerId: text('ownerId'),
    ageMin: ageOf(text('ageMin')),
    ageMax: ageOf(text('ageMax')),
    available: parameters.get('available') === 'true' ? true : undefined,
    // The API takes both days or none.
    ...(freeFrom && freeUntil && isDay(freeFrom) && isDay(freeUntil) && freeFrom <= freeUntil ? { freeFrom, freeUntil } : {}),
  }
  const known = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
  return { filter: known, orderBy: orders[orderOf(parameters)] }
}

/** Reports whether an address leaves out some cats. */
export const isFiltered = (parameters: URLSearchParams) => [...filterNames, 'ownerId'].some((name) => parameters.has(name))

export function orderOf(parameters: URLSearchParams): OrderName {
  const order = parameters.get('order')
  return hasKey(orders, order) ? order : 'newest'
}

/** Returns the parameters of an address for the fields of the form; empty fields are left out. */
export function parametersOf(fields: Iterable<[string, unknown]>): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of fields) {
    if (typeof value === 'string' && value.trim() && !(name === 'order' && value === 'newest')) parameters.set(name, value.trim())
  }
  return parameters
}

function ageOf(text: string | undefined): number | undefined {
  const age = Number(text ?? NaN)
  return Number.isInteger(age) && age >= 0 && age <= limits.MAX_AGE ? age : undefined
}
