import { useEffect, useRef } from 'react'
import type { Pages } from '../api/useData'
import { useText } from '../text/language'
import { Button } from './Button'
import { PageFailure } from './FailurePanel'
import styles from './More.module.css'

/** Loads the next page of a list when the visitor comes near its end, or presses the button. */
export function More({ list, label }: { list: Pages<unknown>; label?: string }) {
  const text = useText()
  const end = useRef<HTMLDivElement>(null)
  const { hasMore, loadMore, fetching, failure, reload } = list
  const automatic = hasMore && !fetching && !failure

  const load = useRef(loadMore)
  useEffect(() => {
    load.current = loadMore
  })
  useEffect(() => {
    if (!automatic || !end.current) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load.current(), { rootMargin: '600px' })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [automatic])

  if (failure) return <PageFailure part failure={failure} onRetry={reload} />
  if (!hasMore) return null
  return (
    <div ref={end} className={styles.more}>
      <Button busy={fetching} onClick={loadMore}>
        {fetching ? text.ui.loading : (label ?? text.ui.more)}
      </Button>
    </div>
  )
}
