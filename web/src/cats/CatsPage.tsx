import { useSearchParams } from 'react-router'
import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'
import { PageFailure } from '../ui/FailurePanel'
import { Icon } from '../ui/Icon'
import { More } from '../ui/More'
import { PageTitle } from '../ui/PageTitle'
import { CatCardFragment, CatGrid, CatGridSkeleton } from './CatCard'
import { CatFilters } from './CatFilters'
import { isFiltered, variablesOf } from './filter'
import { FilterChips, NoneFound } from './FilterChips'
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
  const list = usePages(CatsQuery, { first: 24, ...variablesOf(parameters) }, (data) => data.catProfiles)
  const { data, failure, fetching, reload } = list
  if (failure && (!data || failure.code === 'UNAUTHENTICATED')) {
    return (
      <>
        {failure.code === 'BAD_USER_INPUT' && <FilterChips parameters={parameters} />}
        <PageFailure part failure={failure} onRetry={reload} />
      </>
    )
  }
  if (!data) return <CatGridSkeleton />
  const cats = data.catProfiles.edges.map((edge) => edge.node)
  const isEmpty = cats.length === 0 && !fetching
  return (
    <section tabIndex={-1} className={styles.list} aria-label={text.cats.title}>
      <p role="status" className="visually-hidden">
        {fetching ? text.ui.loading : text.cats.shown(cats.length, list.hasMore)}
      </p>
      <FilterChips parameters={parameters} />
      {!isEmpty ? (
        <CatGrid cats={cats} busy={fetching} />
      ) : isFiltered(parameters) ? (
        <NoneFound parameters={parameters} />
      ) : (
        <EmptyState title={text.cats.none} action={<ButtonLink kind="primary" to="/cats/new">{text.cats.add}</ButtonLink>}>
          {text.cats.noneHelp}
        </EmptyState>
      )}
      <More list={list} />
    </section>
  )
}
