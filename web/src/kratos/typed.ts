// What people type, in the form in which Kratos compares it: byte by byte.

/** The fields for codes: of a mail, of an authenticator app, and recovery codes, whose letters Kratos makes small. */
const CODES = ['code', 'totp_code', 'lookup_secret']

const ADDRESSES = ['identifier', 'email', 'new_email']

export const isCode = (name: string): boolean => CODES.includes(name)

/** Returns a code without spaces, hyphens and other signs, in ASCII digits; as typed if nothing else is left. */
export function plainCode(typed: string): string {
  return typed.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '').toLowerCase() || typed
}

/**
 * Returns an address with its domain in ASCII, the only form that Kratos accepts at a sign-up. Browsers send it from some
 * fields, but not from all. Nothing else changes: signs that look alike stay apart.
 */
export function plainAddress(typed: string): string {
  const address = typed.trim()
  const at = address.lastIndexOf('@') + 1
  const domain = address.slice(at)
  // A URL would take other signs for more than a domain.
  if (at === 0 || !/[^\x00-\x7f]/.test(domain) || /[\s\x00-\x1f/?#\\:@%[\]]/.test(domain)) return address // oxlint-disable-line no-control-regex
  const host = URL.parse(`http://${domain}`)?.hostname ?? ''
  return /[a-z]/.test(host) ? address.slice(0, at) + host : address
}

/** Returns the form in which addresses are compared. */
export const normalAddress = (typed: string): string => plainAddress(typed).toLowerCase()

/** Returns the values of a form as they are sent. All forms of the pages go through it. */
export function plain(values: Record<string, unknown>): Record<string, unknown> {
  const sent = Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (name === 'traits' && value) return [name, plain(value as Record<string, unknown>)]
      if (typeof value !== 'string') return [name, value]
      return [name, isCode(name) ? plainCode(value) : ADDRESSES.includes(name) ? plainAddress(value) : value]
    }),
  )
  // The button for another code has the address as its value, and Kratos would look at the old code first.
  if (sent.email) delete sent.code
  return sent
}
