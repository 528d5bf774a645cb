import { useEffect, useId, useState, type ComponentProps, type KeyboardEvent, type ReactNode } from 'react'
import styles from './Combobox.module.css'

export interface Option {
  id: string
  label: ReactNode
}

interface ComboboxProps extends Omit<ComponentProps<'input'>, 'onChange' | 'list'> {
  /** The name of the list. */
  label: string
  options: readonly Option[]
  /** What is said about the options: how many there are, or why there are none. */
  status: string
  onType: (text: string) => void
  onChoose: (id: string) => void
}

/**
 * A text field that suggests what could be meant, by keys, mouse and touch: the editable combobox with list autocomplete of the
 * ARIA Authoring Practices. The focus stays in the field.
 */
export function Combobox({ label, options, status, onType, onChoose, onFocus, onBlur, ...input }: ComboboxProps) {
  const list = useId()
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const [known, setKnown] = useState(options)
  if (known !== options) {
    setKnown(options)
    setActive(-1)
  }
  const idOf = (n: number) => `${list}-${n}`
  const shown = open && options.length > 0
  const visible = shown || (open && status !== '')

  useEffect(() => {
    if (active >= 0) document.getElementById(`${list}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active, list])

  function close() {
    setOpen(false)
    setActive(-1)
  }

  function choose(n: number) {
    close()
    onChoose(options[n]!.id)
  }

  function move(step: 1 | -1) {
    setOpen(true)
    const { length } = options
    if (length > 0) setActive(active < 0 ? (step > 0 ? 0 : length - 1) : (active + step + length) % length)
  }

  function escape(event: KeyboardEvent) {
    if (visible) close()
    else if ((event.currentTarget as HTMLInputElement).value) onType('')
    else return
    event.preventDefault() // A dialog around it stays open.
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') return escape(event)
    const step = ({ ArrowDown: 1, ArrowUp: -1 } as const)[event.key]
    if (!step && !(event.key === 'Enter' && shown && active >= 0)) return
    event.preventDefault()
    if (step) move(step)
    else choose(active)
  }

  return (
    <div className={styles.combobox}>
      <input
        {...input}
        type="text"
        role="combobox"
        dir="auto"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={list}
        aria-activedescendant={shown && active >= 0 ? idOf(active) : undefined}
        onChange={(event) => {
          setOpen(true)
          onType(event.target.value)
        }}
        onFocus={(event) => {
          setOpen(true)
          onFocus?.(event)
        }}
        onBlur={(event) => {
          close()
          onBlur?.(event)
        }}
        onClick={() => setOpen(true)}
        onKeyDown={press}
      />
      <div className={styles.popup} hidden={!visible}>
        <div id={list} role="listbox" aria-label={label} className={styles.list}>
          {options.map(({ id, label }, n) => (
            // The keys are those of the field, which keeps the focus.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div key={id} id={idOf(n)} role="option" aria-selected={n === active} onMouseDown={(event) => event.preventDefault()} onClick={() => choose(n)}>
              {label}
            </div>
          ))}
        </div>
        {options.length === 0 && <p aria-hidden="true">{status}</p>}
      </div>
      <p role="status" className="visually-hidden">
        {open && status}
      </p>
    </div>
  )
}
