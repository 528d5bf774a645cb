import { useState } from 'react'
import { readFragment, type FragmentOf } from '../api/graphql'
import { useText } from '../text/language'
import { part } from '../ui/part'
import { Photo } from '../ui/Photo'
import styles from './Gallery.module.css'
import { CatPhotosFragment, picturesOf } from './picture'
import { useTrack } from './useTrack'

const PhotoDialog = part(() => import('./PhotoDialog').then(({ PhotoDialog }) => PhotoDialog), { skeleton: null })

/** How wide a photo of the gallery is. */
const SIZES = '(min-width: 60rem) 42rem, 100vw'

/** The photos of a cat: one in sight, the others by swiping or choosing. Who may change them learns which do not load. */
export function Gallery({ data, own }: { data: FragmentOf<typeof CatPhotosFragment>; own: boolean }) {
  const text = useText()
  const { id, name } = readFragment(CatPhotosFragment, data)
  const pictures = picturesOf(data)
  const { shown, show, props } = useTrack()
  const [failed, setFailed] = useState<readonly string[]>([])
  const [enlarged, setEnlarged] = useState<number>()
  const usable = pictures.filter(({ src }) => !failed.includes(src)).map((picture, n) => ({ ...picture, alt: picture.alt || text.cat.photo(name, n + 1) }))
  const broken = pictures.flatMap(({ src }, n) => (failed.includes(src) ? [n + 1] : []))
  const drop = (src: string) => setFailed((failed) => [...failed, src])
  return (
    <div className={styles.gallery}>
      {usable.length === 0 && <Photo alt="" id={id} />}
      {usable.length > 0 && (
        <ul className={styles.track} {...props}>
          {usable.map((picture, n) => (
            <li key={n}>
              <button type="button" onClick={() => setEnlarged(n)}>
                <Photo picture={picture} alt={picture.alt} id={id} sizes={SIZES} first={n === 0} onFailure={drop} />
                <span className="visually-hidden"> {text.photo.enlarge}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {usable.length > 1 && (
        <ul className={styles.choice}>
          {usable.map((picture, n) => (
            <li key={n}>
              <button type="button" aria-label={text.cat.showPhoto(n + 1)} aria-pressed={n === shown} onClick={() => show(n)}>
                <Photo picture={picture} alt="" id={id} sizes="5rem" onFailure={drop} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {own && broken.length > 0 && <p role="status">{text.cat.photoFails(broken.join(', '))}</p>}
      {enlarged !== undefined && <PhotoDialog name={name} pictures={usable} first={enlarged} onClose={() => setEnlarged(undefined)} />}
    </div>
  )
}
