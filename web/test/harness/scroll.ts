import type { Page } from 'playwright-core'

import { until } from './until.ts'

/** How long Chromium sends what the wheel does to what it moved first, which may be a page that was too short: in milliseconds. */
const WHEELS_APART = 600

/** Turns the wheel until a condition holds. */
export async function scrollUntil(page: Page, what: string, condition: () => Promise<boolean>): Promise<void> {
  let place = ''
  const turn = async () => {
    await page.mouse.wheel(0, 2000)
    place = await page.evaluate(() => `${scrollY} of ${document.documentElement.scrollHeight}`)
    return condition()
  }
  await until(() => `${what}: the page is scrolled to ${place}`, turn, 60_000, WHEELS_APART)
}
