import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useText } from '../text/language'
import { Icon } from './Icon'
import styles from './Dialog.module.css'

/** A modal dialog. It exists as long as it is open; onClose is called when the visitor wants to leave it. */
export function Dialog({ title, wide, onClose, children }: { title: ReactNode; wide?: boolean; onClose: () => void; children: ReactNode }) {
  const text = useText()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const opener = document.activeElement
    // What the dialog does may remove its opener: then the focus goes to what is around it.
    const places = [opener, opener?.closest('article'), opener?.closest('main')]
    dialog.current?.showModal()
    return () => {
      const place = places.find((place) => place?.isConnected)
      if (place instanceof HTMLElement) place.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      data-wide={wide}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <div className={styles.content}>
        <header className={styles.header}>
          <h2 id={id}>{title}</h2>
          <button type="button" className={styles.close} aria-label={text.ui.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
}
