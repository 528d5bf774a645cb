import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { Person } from './harness/person.ts'

const browser = useBrowser()

test('The list of cats goes on while a member scrolls, and keeps its place', async () => {
  const ada = await Person.join('Ada')
  const herd = `Herd${Date.now()}`
  for (let n = 0; n < 45; n++) await ada.addCat(`${herd} ${n}`)
  await using window = await ada.open(browser())
  const { page } = window

  await page.goto(`/cats?search=${herd}`)
  const cats = page.locator('main a[href^="/cats/"]').filter({ hasText: herd })
  await cats.first().waitFor()
  const first = await cats.count()
  assert(first < 45, 'the first page has all cats')
  while ((await cats.count()) < 45) {
    const before = await cats.count()
    await page.keyboard.press('End')
    await page.waitForFunction((n) => document.querySelectorAll('main a[href^="/cats/"]').length > n, before)
  }
  await checkAccessibility(page)

  // Back from a cat, the member finds the same cats at the same place.
  const cat = cats.nth(40)
  await cat.scrollIntoViewIfNeeded()
  const place = await page.evaluate(() => scrollY)
  await cat.click()
  await page.waitForURL(/\/cats\/[0-9a-f-]{36}$/)
  await page.goBack()
  await page.waitForFunction((y) => Math.abs(scrollY - y) < 100, place)
  assert.equal(await cats.count(), 45)
})

test('Search, filters and order are in the address', async () => {
  const ada = await Person.join('Ada')
  const herd = `Pride${Date.now()}`
  await ada.addCat(`${herd} old`, { age: 15, location: 'Berlin' })
  await ada.addCat(`${herd} young`, { age: 1, location: 'Hamburg' })
  await ada.addCat(`${herd} away`, { age: 5, location: 'Berlin', available: false })
  await using window = await ada.open(browser())
  const { page } = window
  const names = () => page.locator('main a[href^="/cats/"]').filter({ hasText: herd })

  await page.goto('/cats')
  await page.locator('[name="search"]').fill(herd)
  await page.waitForURL(`**/cats?*search=${herd}*`)
  await page.locator('[name="order"]').selectOption({ label: 'Old cats first' })
  await names().nth(2).waitFor()
  assert.match(await names().first().innerText(), /old/)
  await page.getByText('Place, age and free days').click()
  await page.locator('[name="location"]').fill('ber')
  await page.locator('[name="available"]').check()
  await page.waitForURL('**/cats?*available=true*')
  await names().nth(1).waitFor({ state: 'detached' })
  await checkAccessibility(page)

  await page.reload()
  await names().first().waitFor()
  assert.equal(await names().count(), 1)
  assert.equal(await page.locator('[name="location"]').inputValue(), 'ber')
})
