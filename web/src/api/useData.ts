import { useMemo, useState } from 'react'
import { useQuery, type AnyVariables, type RequestPolicy, type TypedDocumentNode } from 'urql'
import { useLiveReload } from '../live/useLive'
import { failureOf, type Failure } from './failure'

/** The answer to a query: what is known of it, and what went wrong. */
export interface Loaded<Data> {
  data?: Data
  failure?: Failure
  fetching: boolean
  reload: () => void
}

/** What is known of a query, and the way to ask for it again. While it is fetched, data may be that of other variables. */
function useAnswer<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  requestPolicy: RequestPolicy,
) {
  const [{ data, error, fetching, stale }, execute] = useQuery<Data, AnyVariables>({
    query,
    variables,
    requestPolicy,
  })
  const failure = useMemo(() => error && failureOf(error), [error])
  return {
    data,
    failure: fetching ? undefined : failure,
    fetching,
    stale,
    reload: () => execute({ requestPolicy: 'network-only' }),
  }
}

/**
 * Asks for data whenever a page opens, and shows what the cache has meanwhile. If the API does not
 * answer, the last answer stays. What is shown is asked for again when it has changed. Pages that fill a form in with the data wait
 * for it, by "network-only", and keep it as it was.
 */
export function useData<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  requestPolicy: RequestPolicy = 'cache-and-network',
): Loaded<Data> {
  const { data, failure, fetching, stale, reload } = useAnswer(query, variables, requestPolicy)
  const [last, setLast] = useState(data)
  if (data && data !== last) setLast(data)
  useLiveReload(query, data, requestPolicy === 'cache-and-network', reload)
  return { data: data ?? last, failure, fetching: fetching || stale, reload }
}

export interface PageInfo {
  hasNextPage: boolean
  endCursor: string | null
}

/** What usePages has to know of a list. */
export interface Connection {
  edges: unknown[]
  pageInfo: PageInfo
}

/** A list whose pages are loaded one after the other. */
export interface Pages<Data> extends Loaded<Data> {
  hasMore: boolean
  loadMore: () => void
}

const NONE: Connection = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } }

/**
 * Loads a list page by page. The cache joins the pages, so that a visitor who comes back finds all
 * that were loaded. Other variables begin a new list.
 *
 * A visitor who comes back, and a reload, begin the list anew: a page begins where the one before it ends. What was shown stays until
 * as much is loaded again, so that the visitor keeps the place and the focus.
 */
export function usePages<Data, Variables extends { after?: string | null }>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  connectionOf: (data: Data) => Connection | undefined,
): Pages<Data> {
  const list = JSON.stringify(variables)
  const [position, setPosition] = useState<{ list: string; after: string | null }>({ list, after: null })
  const after = position.list === list ? position.after : null
  const { data, failure, fetching, stale, reload } = useAnswer(query, { ...variables, after }, 'cache-and-network')
  const connection = (data: Data | undefined) => (data && connectionOf(data)) ?? NONE

  const [shown, setShown] = useState({ list, data })
  const { edges, pageInfo } = connection(data)
  const { hasNextPage, endCursor } = pageInfo
  const isFilling =
    hasNextPage && (stale || endCursor !== after) && shown.list === list && edges.length < connection(shown.data).edges.length
  if (data && !fetching && !isFilling && (data !== shown.data || list !== shown.list)) setShown({ list, data })
  if (!fetching && !stale && !failure) {
    if (isFilling) setPosition({ list, after: endCursor })
    else if (!data && after) setPosition({ list, after: null }) // What comes before this page is no longer known.
  }

  const begin = () => (after ? setPosition({ list, after: null }) : reload())
  useLiveReload(query, shown.data, true, begin)
  const end = connection(shown.data).pageInfo
  const isBusy = fetching || stale || (isFilling && !failure)
  return {
    data: shown.data,
    failure,
    fetching: isBusy,
    reload: failure ? reload : begin,
    hasMore: end.hasNextPage,
    loadMore: () => {
      if (isBusy) return
      if (end.endCursor === after) reload() // The answer to this page was forgotten when the first one was answered after it.
      else setPosition({ list, after: end.endCursor })
    },
  }
}
