import { useEffect, useRef, type KeyboardEvent } from 'react'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Icon } from '../ui/Icon'
import type { Picture } from '../ui/Photo'
import styles from './Gallery.module.css'
import { useTrack } from './useTrack'

interface PhotoDialogProps {
  name: string
  pictures: readonly Picture[]
  /** The place of the photo that is shown first. */
  first: number
  onClose: () => void
}

/** The photos of a cat, as large as the window. They are turned over by swiping, by the buttons and by the arrow keys. */
export function PhotoDialog({ name, pictures, first, onClose }: PhotoDialogProps) {
  const text = useText()
  const { shown, show, props } = useTrack()
  const start = useRef(() => {
    show(first)
    props.ref.current?.focus() // For the arrow keys.
  })
  useEffect(() => start.current(), [])
  const last = pictures.length - 1

  function turn(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!step) return
    event.preventDefault()
    show(Math.min(last, Math.max(0, shown + step)))
  }

  return (
    <Dialog wide title={<bdi>{name}</bdi>} onClose={onClose}>
      {/* The keys are those of the buttons below. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className={styles.large} onKeyDown={turn}>
        {/* What scrolls must be reached by keys. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <ul className={styles.track} tabIndex={0} aria-label={text.cat.photos} {...props}>
          {pictures.map((picture, n) => (
            <li key={n} style={{ backgroundColor: picture.placeholder }}>
              <img
                src={picture.src} srcSet={picture.srcSet} sizes="100vw" alt={picture.alt ?? ''} width={picture.width} height={picture.height}
                loading="lazy" decoding="async" referrerPolicy="no-referrer"
              />
            </li>
          ))}
        </ul>
        <div className={styles.turn}>
          <Button small aria-label={text.photo.previous} busy={shown === 0} onClick={() => show(shown - 1)}>
            <Icon name="left" />
          </Button>
          <p role="status">
            {text.photo.place(shown + 1, pictures.length)}
            {pictures[shown]?.alt && (
              <>
                : <bdi>{pictures[shown].alt}</bdi>
              </>
            )}
          </p>
          <Button small aria-label={text.photo.next} busy={shown === last} onClick={() => show(shown + 1)}>
            <Icon name="right" />
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
