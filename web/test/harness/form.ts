import { createHmac } from 'node:crypto'

import type { Locator, Page } from 'playwright-core'

/** Returns the form with a field. */
export function formWith(page: Page, field: string): Locator {
  return page.locator('form').filter({ has: page.locator(`[name="${field}"]`) })
}

/** Fills the fields of a form by their names, and submits it. The first field selects the form. */
export async function submit(page: Page, fields: Record<string, string>): Promise<void> {
  const form = formWith(page, Object.keys(fields)[0]!)
  for (const [name, value] of Object.entries(fields)) await form.locator(`[name="${name}"]`).fill(value)
  await form.locator('button[type=submit]').click()
}

/** Returns the code that an authenticator app shows for a secret. See RFC 6238. */
export function authenticatorCode(secret: string, time = Date.now()): string {
  const bits = [...secret.replaceAll(/[\s=]/g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(time / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const offset = hash[19]! & 15
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** Enters a text as a keyboard or the clipboard does: a field may cut it. */
export async function type(page: Page, field: string, text: string): Promise<void> {
  await page.locator(`[name="${field}"]`).focus()
  await page.keyboard.insertText(text)
}
