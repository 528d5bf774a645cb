import type { ReactNode } from 'react'
import type { Pages } from '../api/useData'
import { PageFailure } from './FailurePanel'
import { More } from './More'
import styles from './PagedList.module.css'
import { SkeletonLines } from './Skeleton'

interface PagedListProps<Data, Item> {
  list: Pages<Data>
  items: (data: Data) => Item[]
  empty: ReactNode
  /** Why the list may not be for the viewer. */
  forbidden?: string
  children: (item: Item) => ReactNode
}

/** A list that is loaded page by page: a placeholder, its items, nothing, or a failure. */
export function PagedList<Data, Item extends { id: string }>({ list, items, empty, forbidden, children }: PagedListProps<Data, Item>) {
  const { data, failure, reload } = list
  if (failure && (!data || failure.code === 'UNAUTHENTICATED')) return <PageFailure part {...{ failure, forbidden }} onRetry={reload} />
  if (!data) return <SkeletonLines lines={6} />
  const shown = items(data)
  if (shown.length === 0) return empty
  return (
    <>
      <ul className={styles.list}>
        {shown.map((item) => (
          <li key={item.id}>{children(item)}</li>
        ))}
      </ul>
      <More list={list} />
    </>
  )
}
