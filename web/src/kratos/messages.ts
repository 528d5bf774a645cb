import type { UiText } from '@ory/client-fetch'
import { useLanguage } from '../text/language'
import { messages as de } from '../text/messages.de'
import { messages as en } from '../text/messages.en'

/** All languages, as only the pages about the session show messages of Kratos, and they are loaded when one of them is opened. */
const messages = { en, de }

/** Returns how messages of Kratos are shown: in the visitor's language, or as Kratos writes them if a newer version has more of them. */
export function useMessage(): (message: UiText) => string {
  const own = messages[useLanguage().language]
  return ({ id, text, context }) => {
    const message = own[id]
    if (message === undefined) return text
    return typeof message === 'string' ? message : message((context ?? {}) as Record<string, unknown>)
  }
}
