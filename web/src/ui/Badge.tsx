import type { ReactNode } from 'react'
import styles from './Badge.module.css'

/** A word about the state of something. The colour repeats what the word says. */
export function Badge({ tone, children }: { tone: 'good' | 'warn' | 'bad' | 'info' | 'plain'; children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={tone}>
      {children}
    </span>
  )
}
