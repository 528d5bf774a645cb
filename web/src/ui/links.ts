/** A part of a text, and where it leads if it is an address of the web. */
export interface TextPart {
  text: string
  href?: string
}

/** An address ends at a space, a quotation mark or an invisible character, as these may hide where it leads. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"“”«»\p{C}]+/giu

/** What comes after an address in a sentence. */
const BEHIND = /[.,;:!?'’…]+$/u

/** Cuts off what belongs to the sentence around an address: marks, and brackets that it does not open. */
function trimmed(address: string): string {
  for (let before = ''; before !== address; ) {
    before = address
    address = address.replace(BEHIND, '')
    for (const [open, close] of ['()', '[]', '{}']) {
      if (address.endsWith(close!) && address.split(close!).length > address.split(open!).length) address = address.slice(0, -1)
    }
  }
  return address
}

/** Returns where an address leads. One with a name before the host says that it leads elsewhere: nobody needs it. */
function targetOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const { protocol, username, password, href } = new URL(address)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  return isWeb && !username && !password ? href : undefined
}

/** Finds the addresses in a text. */
export function linksIn(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = trimmed(found)
    const href = targetOf(address)
    if (!href) continue
    if (index > end) parts.push({ text: text.slice(end, index) })
    parts.push({ text: address, href })
    end = index + address.length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}
