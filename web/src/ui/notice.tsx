import { createContext, use, useState, type ReactNode } from 'react'
import { useText } from '../text/language'
import { Icon } from './Icon'
import styles from './notice.module.css'

const Context = createContext<(notice: string) => void>(() => {})

/** Shows one message at a time about what has just been done, and has it read out. It stays until it is closed. */
export function NoticeProvider({ children }: { children: ReactNode }) {
  const text = useText()
  const [notice, setNotice] = useState('')
  return (
    <Context value={setNotice}>
      {children}
      <div role="status" className={styles.region}>
        {notice && (
          <div className={styles.notice}>
            <p>{notice}</p>
            <button type="button" aria-label={text.ui.close} onClick={() => setNotice('')}>
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
