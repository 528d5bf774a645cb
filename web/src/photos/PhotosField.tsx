import { useEffect, useId, useRef, useState, useSyncExternalStore } from 'react'
import { useText } from '../text/language'
import { useField } from '../ui/Form'
import { Icon } from '../ui/Icon'
import { dropOldFiles } from './kept'
import { PhotoItem } from './PhotoItem'
import styles from './PhotosField.module.css'
import { Uploads, valueOf, type Known } from './uploads'

/** What phones and computers offer; phones turn HEIC, which few browsers can show, into one of them. */
const ACCEPTED = 'image/jpeg,image/png,image/webp'

interface PhotosFieldProps {
  label: string
  /** The name of the API's input field. */
  name: string
  hint: string
  max: number
  photos: readonly Known[]
}

const imagesOf = (files: FileList | null | undefined) => [...(files ?? [])].filter(({ type }) => type.startsWith('image/') || type === '')

const hasFiles = ({ dataTransfer }: DragEvent) => !!dataTransfer?.types.includes('Files')

/** Listens to an event of the whole page. */
function useOnDocument<Name extends 'paste' | 'dragover' | 'dragleave' | 'drop'>(name: Name, listener: (event: DocumentEventMap[Name]) => void) {
  useEffect(() => {
    document.addEventListener(name, listener)
    return () => document.removeEventListener(name, listener)
  })
}

/**
 * The photos of a form: chosen, taken, dropped or pasted. They are sent at once; the field has their ids, in order. If there may be
 * one only, it has no order, and another one takes its place.
 */
export function PhotosField({ label, name, hint, max, photos }: PhotosFieldProps) {
  const text = useText().photo
  const [initial] = useState(() => valueOf(photos))
  const [uploads] = useState(() => new Uploads(photos))
  const items = useSyncExternalStore(uploads.subscribe, uploads.current)
  const [said, setSaid] = useState('')
  const [dropping, setDropping] = useState(false)
  const dragged = useRef<string>(undefined)
  const input = useRef<HTMLInputElement>(null)
  const hintId = useId()
  const { id, message, control } = useField({ name })
  const single = max === 1

  useEffect(() => {
    uploads.start()
    void dropOldFiles()
    const online = () => uploads.retry(({ failure }) => failure?.code === 'OFFLINE')
    addEventListener('online', online)
    return () => {
      removeEventListener('online', online)
      uploads.stop()
    }
  }, [uploads])

  // A form that is sent without one of its photos would lose it.
  const unsent = items.some((item) => item.failure) ? text.unsent : items.some((item) => !item.id) ? text.busy : ''
  useEffect(() => input.current?.setCustomValidity(unsent), [unsent])

  function add(files: Blob[]) {
    if (files.length === 0) return
    if (single) for (const { key } of items) uploads.remove(key)
    const room = single ? 1 : max - items.length
    uploads.add(files.slice(0, room))
    if (files.length > room) setSaid(text.tooMany(max))
  }

  // Anywhere on the page: a browser leaves it for a file that is dropped beside the field.
  useOnDocument('paste', (event) => {
    const { clipboardData: data, target } = event
    const files = imagesOf(data?.files)
    const isText = (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && data?.types.includes('text/plain')
    if (files.length === 0 || isText) return
    event.preventDefault()
    add(files)
  })
  useOnDocument('dragover', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    setDropping(true)
  })
  useOnDocument('dragleave', ({ relatedTarget }) => !relatedTarget && setDropping(false))
  useOnDocument('drop', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    setDropping(false)
    add(imagesOf(event.dataTransfer?.files))
  })

  function move(key: string, to: number) {
    uploads.move(key, to)
    setSaid(text.moved(to + 1, items.length))
  }

  return (
    <fieldset className={styles.photos} data-dropping={dropping || undefined}>
      <legend>{label}</legend>
      <input type="text" hidden readOnly name={name} value={uploads.value} data-default={initial} onInput={(event) => uploads.restore(event.currentTarget.value)} />
      {items.length > 0 && (
        <ol className={styles.list}>
          {items.map((item, n) => (
            <PhotoItem
              key={item.key} item={item} place={n} count={items.length} single={single}
              onDescribe={(alt) => uploads.describe(item.key, alt)}
              onRetry={() => uploads.retry(({ key }) => key === item.key)}
              onMove={(to) => move(item.key, to)}
              onDrag={() => (dragged.current = item.key)}
              onDropAt={() => dragged.current && move(dragged.current, n)}
              onRemove={() => {
                uploads.remove(item.key)
                setSaid(text.removed(n + 1))
                input.current?.focus()
              }}
            />
          ))}
        </ol>
      )}
      <div className={styles.add}>
        <input
          {...control} ref={input} name={undefined} type="file" accept={ACCEPTED} multiple={!single} className="visually-hidden"
          aria-describedby={`${hintId} ${control['aria-describedby'] ?? ''}`}
          onChange={({ target }) => {
            add([...(target.files ?? [])])
            target.value = '' // The same file can be chosen again.
          }}
        />
        <label htmlFor={id}>
          <Icon name="photo" />
          {single ? text.chooseOne : text.choose}
        </label>
        <span>{text.drop}</span>
      </div>
      {message && (
        <p id={`${id}-problem`} className={styles.problem}>
          {text.refused}
        </p>
      )}
      <p id={hintId} className={styles.hint}>
        {hint}
      </p>
      <p role="status" className={styles.status}>
        {[said, unsent].filter(Boolean).join(' ')}
      </p>
    </fieldset>
  )
}
