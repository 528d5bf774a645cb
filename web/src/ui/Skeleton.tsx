import styles from './Skeleton.module.css'

/** Stands in for lines of text that are being loaded. */
export function SkeletonLines({ lines = 3 }: { lines?: number }) {
  return (
    <div className={styles.lines} aria-hidden="true" data-loading>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={styles.line} />
      ))}
    </div>
  )
}

/** Stands in for a photo that is being loaded. */
export function SkeletonBlock() {
  return <div className={styles.block} aria-hidden="true" data-loading />
}
