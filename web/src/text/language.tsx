import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import { remember, remembered } from '../ui/storage'
import { de } from './de'
import { en, type Text } from './en'
import { formatter, type Format } from './format'

/** The languages of the pages. To add one, translate en.ts and list it here. */
export const languages = { en: { name: 'English', text: en }, de: { name: 'Deutsch', text: de } }

export type Language = keyof typeof languages

interface Translation {
  language: Language
  setLanguage: (language: Language) => void
  text: Text
  format: Format
}

const Context = createContext<Translation | null>(null)

/** Returns the visitor's choice, or the first language of the browser that we have. */
function preferred(): Language {
  const candidates = [remembered('language'), ...navigator.languages].map((tag) => tag?.slice(0, 2))
  return (candidates.find((tag) => tag && tag in languages) ?? 'en') as Language
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(preferred)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const translation = useMemo(
    () => ({
      language,
      setLanguage: (language: Language) => {
        remember('language', language)
        setLanguage(language)
      },
      text: languages[language].text,
      format: formatter(language),
    }),
    [language],
  )
  return <Context value={translation}>{children}</Context>
}

export function useLanguage(): Translation {
  const translation = use(Context)
  if (!translation) throw new Error('useLanguage is called outside of LanguageProvider')
  return translation
}

/** Returns all texts in the visitor's language. */
export const useText = (): Text => useLanguage().text
