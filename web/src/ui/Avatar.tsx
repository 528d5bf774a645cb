import { toneOf } from './tone'
import styles from './Avatar.module.css'

/** The initial of a person's name, in a colour of its own. */
export function Avatar({ id, name, large }: { id: string; name: string; large?: boolean }) {
  return (
    <span className={`${styles.avatar} ${large ? styles.large : ''}`} data-tone={toneOf(id, 5)} aria-hidden="true">
      {[...name.trim()][0]?.toUpperCase()}
    </span>
  )
}
