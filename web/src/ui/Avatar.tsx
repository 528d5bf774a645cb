import { useState } from 'react'
import { toneOf } from './tone'
import styles from './Avatar.module.css'

interface AvatarProps {
  id: string
  name: string
  large?: boolean
  /** The photo of the person. */
  src?: string
  /** The colour that is shown until the photo is there. */
  placeholder?: string
}

/** A person's photo; without one, or if it does not load, the initial of the name in a colour of its own. The name stands beside it. */
export function Avatar({ id, name, large, src, placeholder }: AvatarProps) {
  const [failed, setFailed] = useState<string>()
  return (
    <span className={`${styles.avatar} ${large ? styles.large : ''}`} data-tone={toneOf(id, 5)} aria-hidden="true">
      {src && src !== failed ? (
        <img src={src} alt="" width="320" height="320" loading="lazy" decoding="async" style={{ backgroundColor: placeholder }} onError={() => setFailed(src)} />
      ) : (
        [...name.trim()][0]?.toUpperCase()
      )}
    </span>
  )
}
