import { useLanguage } from '../text/language'
import { moderation as de } from '../text/moderation.de'
import { moderation as en } from '../text/moderation.en'

const texts = { en, de }

/** Returns the texts of moderation in the visitor's language. */
export const useModerationText = () => texts[useLanguage().language]
