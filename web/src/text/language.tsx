import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import { hasKey } from '../ui/hasKey'
import { remember, remembered } from '../ui/storage'
import { en, type Text } from './en'
import { formatter, type Format } from './format'

/** The languages of the pages. To add one, translate en.ts and list it here. Only those who read it load it. */
export const languages = {
  en: { name: 'English', load: () => Promise.resolve(en) },
  de: { name: 'Deutsch', load: () => import('./de').then(({ de }) => de, () => en) },
}

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
  return candidates.find((tag) => hasKey(languages, tag)) ?? 'en'
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState(preferred)
  const [loaded, setLoaded] = useState<{ language: Language; text: Text }>()
  useEffect(() => {
    let current = true
    void languages[chosen].load().then((text) => {
      if (!current) return
      document.documentElement.lang = chosen
      setLoaded({ language: chosen, text })
    })
    return () => {
      current = false
    }
  }, [chosen])
  const translation = useMemo(
    () =>
      loaded && {
        ...loaded,
        setLanguage: (language: Language) => {
          remember('language', language)
          setChosen(language)
        },
        format: formatter(loaded.language),
      },
    [loaded],
  )
  return translation && <Context value={translation}>{children}</Context>
}

export function useLanguage(): Translation {
  const translation = use(Context)
  if (!translation) throw new Error('useLanguage is called outside of LanguageProvider')
  return translation
}

/** Returns all texts in the visitor's language. */
export const useText = (): Text => useLanguage().text
