import { useState } from 'react'
import { useLanguage } from '../text/language'
import * as limits from '../api/limits'
import { Button } from '../ui/Button'
import { TextField } from '../ui/Form'
import { hasKey } from '../ui/hasKey'
import { Icon } from '../ui/Icon'
import { placeAround } from '../ui/placeAround'
import styles from './PhotosField.module.css'
import type { NotSent } from './send'
import type { Item } from './uploads'

interface PhotoItemProps {
  item: Item
  /** From 0. */
  place: number
  count: number
  single: boolean
  onDescribe: (alt: string) => void
  onRetry: () => void
  onRemove: () => void
  onMove: (to: number) => void
  onDrag: () => void
  onDropAt: () => void
}

/** One photo of a form: how much of it was sent, what it shows, and its place. */
export function PhotoItem({ item, place, count, single, onDescribe, onRetry, onRemove, onMove, onDrag, onDropAt }: PhotoItemProps) {
  const { text } = useLanguage()
  const why = useReason()
  const [unseen, setUnseen] = useState(false)
  const n = place + 1
  return (
    // Dragging is a short cut for the buttons.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li
      tabIndex={-1}
      className={styles.item}
      aria-label={text.photo.place(n, count)}
      onDragOver={(event) => !event.dataTransfer.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => {
        if (event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        onDropAt()
      }}
    >
      <div className={styles.preview} draggable={!single} onDragStart={onDrag}>
        {item.src && !unseen ? <img src={item.src} alt="" draggable={false} onError={() => setUnseen(true)} /> : <Icon name="photo" />}
        {!item.id && !item.failure && <progress max={1} value={item.progress} aria-label={text.photo.sending(n)} />}
      </div>
      <div className={styles.about}>
        {item.failure && (
          <p className={styles.problem}>
            {text.photo.notSent} {why(item.failure)}
          </p>
        )}
        {!single && (
          <TextField
            label={text.photo.alt(n)} name="" maxLength={limits.MAX_ALT} value={item.alt} hint={n === 1 ? text.photo.altHint : undefined}
            onChange={(event) => onDescribe(event.target.value)}
          />
        )}
        <div className={styles.buttons}>
          {item.failure && !item.failure.problem && (
            <Button
              small
              onClick={({ currentTarget }) => {
                placeAround(currentTarget)?.focus() // The button is about to go.
                onRetry()
              }}
            >
              {text.failure.retry}
            </Button>
          )}
          {!single && count > 1 && (
            <>
              <MoveButton label={text.photo.forward(n)} icon="up" possible={place > 0} onMove={() => onMove(place - 1)} />
              <MoveButton label={text.photo.backward(n)} icon="down" possible={n < count} onMove={() => onMove(place + 1)} />
            </>
          )}
          <Button kind="quiet" small aria-label={text.photo.remove(n)} onClick={onRemove}>
            {text.ui.delete}
          </Button>
        </div>
      </div>
    </li>
  )
}

/** Keeps the focus at the ends of the list, too. */
function MoveButton({ label, icon, possible, onMove }: { label: string; icon: 'up' | 'down'; possible: boolean; onMove: () => void }) {
  return (
    <Button small aria-label={label} busy={!possible} onClick={onMove}>
      <Icon name={icon} />
    </Button>
  )
}

/** Returns how it is said why a photo was not sent. */
function useReason(): (failure: NotSent) => string {
  const { text, format } = useLanguage()
  return ({ problem, code, reason, retryAfter }) => {
    if (problem) return text.photo.problems[problem]
    const { help } = hasKey(text.failure.reasons, reason) ? text.failure.reasons[reason] : text.failure[code]
    return retryAfter ? `${help} ${text.failure.wait(format.after(retryAfter))}` : help
  }
}
