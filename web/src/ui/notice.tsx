import { createContext, use, useCallback, useEffect, useState, type ReactNode } from 'react'
import { useText } from '../text/language'
import { Icon } from './Icon'
import styles from './notice.module.css'

const Context = createContext<(notice: ReactNode) => void>(() => {})

/** How long a notice stays. It repeats what the page shows, so that nothing is lost with it. */
const DURATION = 10_000

/** Shows one message at a time about what has just been done, and has it read out. */
export function NoticeProvider({ children }: { children: ReactNode }) {
  const text = useText()
  // An object, so that the same text is a new notice.
  const [notice, setNotice] = useState<{ text: ReactNode }>()
  const notify = useCallback((text: ReactNode) => setNotice({ text }), [])
  useEffect(() => {
    const timer = setTimeout(setNotice, DURATION, undefined)
    return () => clearTimeout(timer)
  }, [notice])
  return (
    <Context value={notify}>
      {children}
      <div role="status" className={styles.region}>
        {notice && (
          <div className={styles.notice}>
            <p>{notice.text}</p>
            <button type="button" aria-label={text.ui.close} onClick={() => setNotice(undefined)}>
              <Icon name="close" />
            </button>
          </div>
        )}
      </div>
    </Context>
  )
}

/** Returns the function that shows a notice. */
export const useNotice = () => use(Context)
