import { useState } from 'react'
import { useText } from '../text/language'
import { Photo } from '../ui/Photo'
import styles from './Gallery.module.css'

/** The photos of a cat: one large, the others to choose from. */
export function Gallery({ id, name, urls }: { id: string; name: string; urls: readonly string[] }) {
  const text = useText().cat
  const [chosen, setChosen] = useState(0)
  const shown = Math.min(chosen, Math.max(0, urls.length - 1))
  return (
    <div className={styles.gallery}>
      <Photo url={urls[shown]} alt={text.photo(name, shown + 1)} id={id} />
      {urls.length > 1 && (
        <ul className={styles.choice}>
          {urls.map((url, n) => (
            <li key={url}>
              <button type="button" aria-label={text.showPhoto(n + 1)} aria-pressed={n === shown} onClick={() => setChosen(n)}>
                <Photo url={url} alt="" id={id} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
