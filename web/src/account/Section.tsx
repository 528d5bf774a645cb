import type { ReactNode } from 'react'
import styles from './AccountPage.module.css'

/** A part of the settings. */
export function Section({ title, intro, children }: { title: string; intro?: string; children: ReactNode }) {
  return (
    <section tabIndex={-1} className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      {intro && <p>{intro}</p>}
      {children}
    </section>
  )
}
