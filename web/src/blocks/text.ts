import { useLanguage } from '../text/language'
import { blocks as de } from '../text/blocks.de'
import { blocks as en } from '../text/blocks.en'

const texts = { en, de }

/** Returns the texts about blocks in the visitor's language. */
export const useBlocksText = () => texts[useLanguage().language]
