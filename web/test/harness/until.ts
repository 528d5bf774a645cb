import { setTimeout as pause } from 'node:timers/promises'

/** Waits until a condition holds. */
export async function until(what: string, condition: () => Promise<boolean> | boolean, milliseconds = 60_000): Promise<void> {
  const deadline = Date.now() + milliseconds
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await pause(50)
  }
}
