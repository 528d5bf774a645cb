import { useMemo, useState } from 'react'
import { useClient, useQuery, type AnyVariables, type RequestPolicy, type TypedDocumentNode } from 'urql'
import { useLiveReload } from '../live/useLive'
import { failureOf, type Failure } from './failure'

/** The answer to a query: what is known of it, and what went wrong. */
export interface Loaded<Data> {
  data?: Data
  failure?: Failure
  fetching: boolean
  reload: () => void
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
  const [{ data, error, fetching, stale }, execute] = useQuery<Data, AnyVariables>({
    query,
    variables,
    requestPolicy,
  })
  const [last, setLast] = useState(data)
  if (data && data !== last) setLast(data)
  const reload = () => execute({ requestPolicy: 'network-only' })
  useLiveReload(query, data, requestPolicy === 'cache-and-network', reload)
  const failure = useMemo(() => error && failureOf(error), [error])
  return {
    data: data ?? last,
    failure: fetching ? undefined : failure,
    fetching: fetching || stale,
    reload,
  }
}

export interface PageInfo {
  hasNextPage: boolean
  endCursor: string | null
}

/** A list whose pages are loaded one after the other. */
export interface Pages<Data> extends Loaded<Data> {
  hasMore: boolean
  loadMore: () => void
}

/**
 * Loads a list page by page. The cache joins the pages, so that a visitor who comes back finds all
 * that were loaded. Other variables begin a new list.
 */
export function usePages<Data, Variables extends { after?: string | null }>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  pageInfo: (data: Data) => PageInfo,
): Pages<Data> {
  const list = JSON.stringify(variables)
  const [position, setPosition] = useState<{ list: string; after: string | null }>({ list, after: null })
  const after = position.list === list ? position.after : null
  const loaded = useData(query, { ...variables, after })
  const client = useClient()
  // The page that was loaded last is asked for again already, and what is new is on the first one.
  const reloadFirst = () => void client.query<Data, AnyVariables>(query, { ...variables, after: null }, { requestPolicy: 'network-only' }).toPromise()
  useLiveReload(query, loaded.data, after !== null, reloadFirst)
  const { hasNextPage, endCursor } = loaded.data ? pageInfo(loaded.data) : { hasNextPage: false, endCursor: null }
  return {
    ...loaded,
    hasMore: hasNextPage,
    loadMore: () => {
      if (loaded.failure && endCursor === after) loaded.reload()
      else if (!loaded.fetching) setPosition({ list, after: endCursor })
    },
  }
}
