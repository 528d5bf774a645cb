import type { ReactNode } from 'react'
import { SleepingCat } from './CatArt'
import styles from './EmptyState.module.css'

/** Says why there is nothing, and what to do next. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <SleepingCat />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  )
}
