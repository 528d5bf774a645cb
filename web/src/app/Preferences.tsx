import { useState } from 'react'
import { languages, useLanguage, type Language } from '../text/language'
import { currentTheme, setTheme, themes, type Theme } from './theme'
import styles from './Layout.module.css'

/** The visitor's language, and light or dark. */
export function Preferences() {
  const { language, setLanguage, text } = useLanguage()
  const [theme, showTheme] = useState(currentTheme)
  return (
    <div className={styles.preferences}>
      <label>
        {text.ui.language}
        <select name="language" value={language} onChange={(event) => setLanguage(event.target.value as Language)}>
          {Object.entries(languages).map(([tag, { name }]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.ui.theme}
        <select
          name="theme"
          value={theme}
          onChange={(event) => {
            setTheme(event.target.value as Theme)
            showTheme(event.target.value as Theme)
          }}
        >
          {themes.map((name) => (
            <option key={name} value={name}>
              {text.ui.themes[name]}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}
