import { useState } from 'react'
import { useText } from '../text/language'
import { Photo } from '../ui/Photo'
import styles from './Gallery.module.css'

/** The photos of a cat: one large, the others to choose from. Who may change them learns which do not load. */
export function Gallery({ id, name, urls, own }: { id: string; name: string; urls: readonly string[]; own: boolean }) {
  const text = useText().cat
  const [chosen, setChosen] = useState(0)
  const [failed, setFailed] = useState<readonly string[]>([])
  const usable = urls.filter((url) => !failed.includes(url))
  const broken = urls.flatMap((url, n) => (failed.includes(url) ? [n + 1] : []))
  const shown = Math.min(chosen, Math.max(0, usable.length - 1))
  const drop = (url: string) => setFailed((failed) => [...failed, url])
  return (
    <div className={styles.gallery}>
      <Photo url={usable[shown]} alt={text.photo(name, shown + 1)} id={id} onFailure={drop} />
      {usable.length > 1 && (
        <ul className={styles.choice}>
          {usable.map((url, n) => (
            <li key={n}>
              <button type="button" aria-label={text.showPhoto(n + 1)} aria-pressed={n === shown} onClick={() => setChosen(n)}>
                <Photo url={url} alt="" id={id} onFailure={drop} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {own && broken.length > 0 && <p role="status">{text.photoFails(broken.join(', '))}</p>}
    </div>
  )
}
