import { useEffect, useState } from 'react'
import { DrawnCat } from './CatArt'
import styles from './Photo.module.css'

/** A photo as the pages show it: one that the API keeps, in several sizes, or one on another site. */
export interface Picture {
  src: string
  srcSet?: string
  width?: number
  height?: number
  alt?: string | null
  /** The colour that is shown until the photo is there. */
  placeholder?: string
}

interface PhotoProps {
  picture?: Picture
  /** What the photo shows if nobody has said it; empty if a text beside it says enough. */
  alt: string
  /** The id of the cat. */
  id: string
  /** How wide it is shown, as in the attribute of <img>. */
  sizes?: string
  /** Whether the page shows it first: others are loaded when they come near. */
  first?: boolean
  onFailure?: (src: string) => void
}

/** The policy of the pages allows no others, which the API took in former times. */
const isAllowed = ({ src, srcSet }: Picture) => srcSet !== undefined || URL.parse(src)?.protocol === 'https:'

/** A photo of a cat. A cat without one, or whose photo cannot be loaded, is drawn. */
export function Photo({ picture, alt, id, sizes, first, onFailure }: PhotoProps) {
  const [failed, setFailed] = useState<string>()
  const src = picture?.src
  const allowed = !!picture && isAllowed(picture)
  useEffect(() => {
    if (src && !allowed) onFailure?.(src)
  }, [src, allowed, onFailure])
  if (!allowed || failed === src) {
    return (
      <div className={styles.photo}>
        <DrawnCat id={id} />
      </div>
    )
  }
  return (
    <div className={styles.photo} style={{ backgroundColor: picture.placeholder }}>
      <img
        src={picture.src}
        srcSet={picture.srcSet}
        sizes={sizes}
        alt={alt && (picture.alt || alt)}
        width={picture.width ?? 640}
        height={picture.height ?? 480}
        loading={first ? 'eager' : 'lazy'}
        fetchPriority={first ? 'high' : undefined}
        decoding="async"
        referrerPolicy="no-referrer"
        onError={() => {
          setFailed(picture.src)
          onFailure?.(picture.src)
        }}
      />
    </div>
  )
}
