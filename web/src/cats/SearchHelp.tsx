import { Fragment } from 'react'
import { Link } from 'react-router'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { useText } from '../text/language'
import { placeAround } from '../ui/placeAround'

export const CatSearchQuery = graphql(`
  query CatSearch($search: String!) {
    catProfiles(first: 1, filter: { search: $search }) {
      search {
        words
        suggestions
      }
    }
  }
`)

/** Says why a search finds nothing: it has no word, or a slip, or there is no such cat. */
export function SearchHelp({ search, parameters }: { search: string; parameters: URLSearchParams }) {
  const text = useText()
  const { data, fetching } = useData(CatSearchQuery, { search })
  const understood = data?.catProfiles.search
  if (!understood || fetching) return text.cats.noneFoundHelp
  if (understood.words.length === 0) return text.cats.noWord
  if (understood.suggestions.length === 0) return text.cats.noneFoundHelp
  const withSearch = (suggestion: string) => `?${new URLSearchParams([...parameters].map(([name, value]) => [name, name === 'search' ? suggestion : value])).toString()}`
  return (
    <>
      {text.cats.didYouMean}{' '}
      {understood.suggestions.map((suggestion, n) => (
        <Fragment key={suggestion}>
          {n > 0 && ', '}
          <Link to={withSearch(suggestion)} dir="auto" onClick={({ currentTarget }) => placeAround(currentTarget)?.focus({ preventScroll: true })}>
            {suggestion}
          </Link>
        </Fragment>
      ))}
      ?
    </>
  )
}
