import type { ReactNode } from 'react'
import type { Loaded } from '../api/useData'
import { PageFailure } from './FailurePanel'
import { NotFound } from './NotFound'

interface LoadedPageProps<Data> {
  loaded: Loaded<Data>
  /** What is shown until the data is there. */
  skeleton: ReactNode
  children: (data: Data) => ReactNode
}

/** A page that shows data: until it is there a placeholder, and above what is known of it what went wrong. */
export function LoadedPage<Data>({ loaded: { data, failure, reload }, skeleton, children }: LoadedPageProps<Data>) {
  // These pages have no input but the id in their address.
  if (failure?.code === 'BAD_USER_INPUT') return <NotFound />
  if (failure && (!data || failure.code === 'UNAUTHENTICATED')) return <PageFailure failure={failure} onRetry={reload} />
  if (!data) return skeleton
  return (
    <>
      {failure && <PageFailure part failure={failure} onRetry={reload} />}
      {children(data)}
    </>
  )
}
