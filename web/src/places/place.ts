import { useQuery } from 'urql'
import { graphql, readFragment, type ResultOf } from '../api/graphql'
import type { Format } from '../text/format'

export const PlaceFragment = graphql(`
  fragment Place on Place {
    id
    name
    region
    country
  }
`)

export type Place = ResultOf<typeof PlaceFragment>

export const PlaceQuery = graphql(
  `
    query Place($id: ID!) {
      node(id: $id) {
        id
        ...Place
      }
    }
  `,
  [PlaceFragment],
)

/** Returns a place of which only the id is known, such as from the address; undefined until it is loaded, and null if there is none. */
export function usePlace(id: string | undefined): Place | null | undefined {
  const [{ data, error }] = useQuery({ query: PlaceQuery, variables: { id: id ?? '' }, pause: !id })
  if (!id || error) return null
  if (!data) return undefined
  const place = data.node && readFragment(PlaceFragment, data.node)
  return place && 'name' in place ? (place as Place) : null
}

/** Returns where a place is, such as "Baden-Württemberg, Germany", in the visitor's language. */
export const whereOf = ({ region, country }: Place, format: Format): string => [region, format.country(country)].filter(Boolean).join(', ')

export interface Located {
  place: { name: string } | null
  location: string | null
}

/** Returns the names of where somebody lives, without one that is said twice. */
export const placeNames = ({ place, location }: Located): string[] => [...new Set([place?.name, location].flatMap((name) => name || []))]
