import { Fragment } from 'react'
import { Link, useSearchParams } from 'react-router'
import { graphql } from '../api/graphql'
import { useData, usePages } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { useText } from '../text/language'
import { Button, ButtonLink } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'
import { PageFailure } from '../ui/FailurePanel'
import { Icon } from '../ui/Icon'
import { More } from '../ui/More'
import { PageTitle } from '../ui/PageTitle'
import { CatCardFragment, CatGrid, CatGridSkeleton } from './CatCard'
import { CatFilters } from './CatFilters'
import { isFiltered, variablesOf } from './filter'
import styles from './CatsPage.module.css'

export const CatsQuery = graphql(
  `
    query Cats($first: Int!, $after: Cursor, $filter: CatProfileFilter, $orderBy: CatProfileOrder) {
      ...Viewer
      catProfiles(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
        edges {
          node {
            id
            ...CatCard
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ViewerFragment, CatCardFragment],
)

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

export function CatsPage() {
  const text = useText()
  const [parameters] = useSearchParams()
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <PageTitle title={text.cats.title} />
        <ButtonLink kind="primary" to="/cats/new">
          <Icon name="plus" />
          {text.cats.add}
        </ButtonLink>
      </header>
      <CatFilters />
      <CatList parameters={parameters} />
    </div>
  )
}

function CatList({ parameters }: { parameters: URLSearchParams }) {
  const text = useText()
  const [, setParameters] = useSearchParams()
  const list = usePages(CatsQuery, { first: 24, ...variablesOf(parameters) }, (data) => data.catProfiles.pageInfo)
  const { data, failure, fetching, reload } = list
  if (failure && (!data || failure.code === 'UNAUTHENTICATED')) return <PageFailure part failure={failure} onRetry={reload} />
  if (!data) return <CatGridSkeleton />
  const cats = data.catProfiles.edges.map((edge) => edge.node)
  const clear = isFiltered(parameters) && <Button small onClick={() => setParameters({}, { replace: true })}>{text.cats.clear}</Button>
  return (
    <>
      <p role="status" className="visually-hidden">
        {fetching ? text.ui.loading : text.cats.shown(cats.length, list.hasMore)}
      </p>
      {cats.length === 0 && !fetching ? (
        clear ? (
          <EmptyState title={text.cats.noneFound} action={clear}>
            <NoneFoundHelp parameters={parameters} />
          </EmptyState>
        ) : (
          <EmptyState title={text.cats.none} action={<ButtonLink kind="primary" to="/cats/new">{text.cats.add}</ButtonLink>}>
            {text.cats.noneHelp}
          </EmptyState>
        )
      ) : (
        <>
          {clear && <div>{clear}</div>}
          <CatGrid cats={cats} busy={fetching} />
        </>
      )}
      <More list={list} />
    </>
  )
}

/** Says why a list is empty: a search without words, a slip, or too many conditions. */
function NoneFoundHelp({ parameters }: { parameters: URLSearchParams }) {
  const text = useText()
  const search = parameters.get('search')?.trim()
  return search ? <SearchHelp search={search} parameters={parameters} /> : text.cats.noneFoundHelp
}

function SearchHelp({ search, parameters }: { search: string; parameters: URLSearchParams }) {
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
          <Link to={withSearch(suggestion)} dir="auto">
            {suggestion}
          </Link>
        </Fragment>
      ))}
      ?
    </>
  )
}
