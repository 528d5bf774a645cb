import { draftOf } from './draft'

/** The field of a form by which the API knows that the form is sent again. */
export const KEY = 'idempotencyKey'

/** Returns a random UUID. Browsers have crypto.randomUUID on secure pages only. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Returns the key of a form whose draft is kept. */
export const keyOf = (draft: string): string | undefined => draftOf(draft).find(([name]) => name === KEY)?.[1]
