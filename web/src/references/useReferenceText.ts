import { references as de } from '../text/references.de'
import { references as en } from '../text/references.en'
import { useLanguage } from '../text/language'

/** All languages, as these texts are loaded with the first reference that is shown. */
const texts = { en, de }

/** Returns the texts about references in the visitor's language. */
export const useReferenceText = () => texts[useLanguage().language]
