import { setTimeout as pause } from 'node:timers/promises'

/** How long to wait before a page is loaded again: if it is loaded more often, the API asks to slow down. */
export const PAGES_APART = 1_000

/** Waits until a condition holds, which it asks again after a while: both times are in milliseconds. */
export async function until(what: string, condition: () => Promise<boolean> | boolean, milliseconds = 60_000, again = 50): Promise<void> {
  const deadline = Date.now() + milliseconds
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await pause(again)
  }
}
