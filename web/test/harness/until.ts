import { setTimeout as pause } from 'node:timers/promises'

/** How long to wait before a page is loaded again: if it is loaded more often, the API asks to slow down. */
export const PAGES_APART = 1_000

/**
 * Waits until a condition holds, which it asks again after a while: both times are in milliseconds. What is waited for is said if the
 * wait was in vain; a function is asked then, so that it can say what was seen last.
 */
export async function until(what: string | (() => string), condition: () => Promise<boolean> | boolean, milliseconds = 60_000, again = 50): Promise<void> {
  const deadline = Date.now() + milliseconds
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${typeof what === 'string' ? what : what()}`)
    await pause(again)
  }
}
