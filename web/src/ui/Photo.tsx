import { useEffect, useState } from 'react'
import { DrawnCat } from './CatArt'
import styles from './Photo.module.css'

interface PhotoProps {
  url?: string
  alt: string
  /** The id of the cat. */
  id: string
  onFailure?: (url: string) => void
}

/** The policy of the pages allows no others, which the API took in former times. */
const isAllowed = (url: string) => URL.parse(url)?.protocol === 'https:'

/** A photo of a cat. A cat without one, or whose photo cannot be loaded, is drawn. */
export function Photo({ url, alt, id, onFailure }: PhotoProps) {
  const [failed, setFailed] = useState<string>()
  const allowed = !!url && isAllowed(url)
  useEffect(() => {
    if (url && !allowed) onFailure?.(url)
  }, [url, allowed, onFailure])
  if (!allowed || failed === url) {
    return (
      <div className={styles.photo}>
        <DrawnCat id={id} />
      </div>
    )
  }
  return (
    <div className={styles.photo}>
      <img
        src={url}
        alt={alt}
        width="640"
        height="480"
        loading="lazy"
        decoding="async"
        referrerPolicy="no-referrer"
        onError={() => {
          setFailed(url)
          onFailure?.(url)
        }}
      />
    </div>
  )
}
