import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'
import { scrollUntil } from './harness/scroll.ts'
import { anyOperation, startServer, stopServer } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

/** A place that no other test uses, so that a filter by it finds only the cats of a test. */
const newPlace = () => `Place ${randomUUID()}`

const names = (page: Page) => page.locator('article h2').allInnerTexts()

test('The list of cats grows while the visitor scrolls, and keeps its place', async () => {
  const ada = await Person.join('Ada')
  const location = newPlace()
  const added = Array.from({ length: 55 }, (_, n) => `Cat ${String(n).padStart(2, '0')}`)
  for (const name of added) await ada.addCat(name, { location })
  await using window = await ada.open(browser())
  const { page } = window

  await page.goto('/cats?' + new URLSearchParams({ location, order: 'name' }).toString())
  await scrollUntil(page, 'the second page is there', async () => (await names(page)).length > 24)
  await scrollUntil(page, 'all cats are there', async () => (await names(page)).length === added.length)
  assert.deepEqual(await names(page), added)

  const link = page.getByRole('link', { name: 'Cat 40', exact: true })
  await link.scrollIntoViewIfNeeded()
  const place = await page.evaluate(() => scrollY)
  await link.click()
  await page.getByRole('heading', { name: 'Cat 40', exact: true }).waitFor()
  assert.equal(await page.evaluate(() => scrollY), 0, 'a new page begins at its top')
  await page.goBack()
  await link.waitFor()
  assert.equal((await names(page)).length, added.length, 'the pages that were loaded are gone')
  assert.equal(await page.evaluate(() => scrollY), place, 'the visitor is not where they left the list')
})

test('A list of several pages is there after a cat was added or deleted', async () => {
  const ada = await Person.join('Ada')
  const location = newPlace()
  for (let n = 0; n < 30; n++) await ada.addCat(`Cat ${String(n).padStart(2, '0')}`, { location })
  await using window = await ada.open(browser())
  const { page } = window
  const cats = (count: number) => scrollUntil(page, `${count} cats are there`, async () => (await names(page)).length === count)

  await page.goto('/cats?' + new URLSearchParams({ location, order: 'name' }).toString())
  await cats(30)
  await page.getByRole('link', { name: 'Add a cat' }).first().click()
  await submit(page, { name: 'Cat 99', age: '3', description: 'Shy at first.', location })
  await page.getByRole('heading', { name: 'Cat 99', exact: true }).waitFor()
  await page.goBack()
  await cats(31)

  await page.getByRole('link', { name: 'Cat 28', exact: true }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').locator('button[type=submit]').click()
  await page.waitForURL(/profile/)
  await page.goBack()
  await cats(30)
  assert(!(await names(page)).includes('Cat 28'), 'a deleted cat is shown')
})

test('The filters are in the address, and clearing them shows all cats', async () => {
  const ada = await Person.join('Ada')
  const location = newPlace()
  await ada.addCat('Godard', { location, age: 3, description: 'Loves the radio.' })
  await ada.addCat('Varda', { location, age: 9 })
  await using window = await ada.open(browser())
  const { page } = window
  const shows = (...expected: string[]) => until(`the list shows ${expected.join()}`, async () => (await names(page)).join() === expected.join())

  await page.goto('/cats?' + new URLSearchParams({ location }).toString())
  await shows('Varda', 'Godard')
  await checkAccessibility(page)
  await page.locator('[name="search"]').fill('radi')
  await shows('Godard')
  await page.waitForURL(/search=radi/)
  await page.locator('[name="search"]').fill('')
  await page.locator('[name="order"]').selectOption('youngest')
  await shows('Godard', 'Varda')
  await page.locator('[name="ageMin"]').fill('4')
  await shows('Varda')
  await page.reload()
  await shows('Varda')
  assert.equal(await page.locator('[name="ageMin"]').inputValue(), '4')

  await page.locator('[name="search"]').fill('nothing has this name')
  await page.getByRole('button', { name: 'Remove all filters' }).click()
  await page.waitForURL(/\/cats$/)
  await until('the fields are empty', async () => (await page.locator('[name="location"]').inputValue()) === '')
})

test('A search that finds nothing says why, and suggests another one', async () => {
  const ada = await Person.join('Ada')
  const word = 'q' + randomUUID().replace(/[^a-f]/g, '').slice(0, 12) + 'zur' // Longer words have no neighbours.
  await ada.addCat('Godard', { description: `Loves ${word} and naps.` })
  await ada.addCat('Varda', { description: 'Shy.', location: 'Elsewhere' })
  await using window = await ada.open(browser(), { viewport: { width: 320, height: 700 } })
  const { page } = window

  await page.goto('/cats?' + new URLSearchParams({ search: `${word}x NAPS`, order: 'name' }).toString())
  await page.getByRole('link', { name: `${word} naps` }).waitFor()
  await checkAccessibility(page)
  await page.getByRole('link', { name: `${word} naps` }).click()
  await until('the cat is found', async () => (await names(page)).join() === 'Godard')
  assert.equal(await page.locator('[name="search"]').inputValue(), `${word} naps`)
  assert.match(page.url(), /order=name/)

  await page.goto('/cats?' + new URLSearchParams({ search: '🐈 …' }).toString())
  await page.getByText('There is no word and no number in this search.').waitFor()
  await page.goto('/cats?' + new URLSearchParams({ search: `${word} nobodyhasthis shyness` }).toString())
  await page.getByText('Try fewer words').waitFor()
})

test('The calendar knows the promised days, and works by keyboard', async () => {
  const [ada, bob, cleo] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Cleo')])
  const cat = await ada.addCat('Godard')
  const promised = await bob.ask(cat, day(2), day(3))
  await ada.graphql(operations.approve, { id: promised })
  await using window = await cleo.open(browser())
  const { page } = window
  await page.goto('/cats/' + cat)

  const button = (n: number) => page.locator(`[data-day="${day(n)}"]`)
  await button(1).waitFor()
  await checkAccessibility(page)
  assert.equal(await button(2).getAttribute('aria-disabled'), 'true')
  await button(2).click({ force: true })
  assert.equal(await page.locator('[name="startDate"]').inputValue(), '', 'a promised day can be chosen')

  await button(0).focus()
  for (const key of ['ArrowDown', 'ArrowRight', 'Enter', 'ArrowRight', 'ArrowRight', ' ']) await page.keyboard.press(key)
  assert.equal(await page.locator('[name="startDate"]').inputValue(), day(8))
  assert.equal(await page.locator('[name="endDate"]').inputValue(), day(10))
  await checkAccessibility(page)

  // Days between which the cat is promised are no good, whoever typed them.
  await page.locator('[name="startDate"]').fill(day(1))
  await page.locator('[name="endDate"][aria-invalid="true"]').waitFor()
  await page.locator('[name="startDate"]').fill(day(8))
  await page.locator('form button[type=submit]').click()
  await page.getByText('You have asked for').waitFor()
})

test('A visitor who asks too much is told how long to wait', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  await page.clock.install()
  await page.route('**/graphql', (route) =>
    route.fulfill({
      status: 429,
      headers: { 'Retry-After': '200' },
      json: { errors: [{ message: 'too many requests', extensions: { code: 'RATE_LIMITED' } }] },
    }),
  )
  await page.goto('/cats')
  await page.getByRole('alert').getByText('You can try again in 4 minutes.').waitFor()
  await checkAccessibility(page)
  await page.unroute('**/graphql')
  assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0, 'it is offered too early')
  await page.clock.fastForward('03:21')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('alert').waitFor({ state: 'detached' })
})

test('The pages speak German, and remember it', async () => {
  const ada = await Person.join('Ada')
  const cat = await ada.addCat('Godard')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/cats')
  await page.getByRole('heading', { name: 'Cats' }).waitFor()
  await page.locator('[name="language"]').selectOption('de')
  await page.getByRole('heading', { name: 'Katzen' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Katzen' }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'de')
  await checkAccessibility(page)

  // Dates too, and for visitors whose browser speaks German without being asked.
  const [year, month, date] = day(0).split('-')
  await using other = await ada.open(browser(), { locale: 'de-AT' })
  await other.page.goto('/cats/' + cat)
  await other.page.getByText(new RegExp(`Hier seit ${date}\\.0?${Number(month)}\\.${year}`)).waitFor()
  await other.page.getByRole('table').first().getByRole('columnheader').first().and(other.page.locator('[abbr="Montag"]')).waitFor()
})

test('A member whose points are used up learns when to try again', async () => {
  const ada = await Person.join('Ada')
  await stopServer()
  try {
    await startServer({ ...anyOperation, RATE_LIMIT: '1', RATE_LIMIT_ANONYMOUS: '1', RATE_LIMIT_BURST: '30000' })
    // A program of hers leaves less than a page costs.
    const some = (n: number) => `a${n}: catProfiles(first: 50) { edges { node { id } } }`
    assert.equal(await ada.codeOf(`{ ${Array.from({ length: 72 }, (_, n) => some(n)).join(' ')} }`), undefined)
    await until('the points are used up', async () => (await ada.codeOf('{ catProfiles(first: 2) { edges { node { id } } } }')) === 'RATE_LIMITED')

    await using window = await ada.open(browser())
    const { page } = window
    await page.goto('/cats')
    await page.getByRole('alert').getByRole('heading', { name: 'A little slower, please' }).waitFor()
    assert.match(await page.getByRole('timer').innerText(), /^You can try again in \d+ (second|minute)s?\.$/)
    assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0, 'it is offered too early')
    await checkAccessibility(page)
  } finally {
    await stopServer()
    await startServer()
  }
})

test('A member who has as many cats as allowed is told so', async () => {
  const ada = await Person.join('Ada')
  await ada.addCat('Godard')
  await stopServer()
  try {
    await startServer({ QUOTA_CATS: '1' })
    await using window = await ada.open(browser())
    const { page } = window
    await page.goto('/cats/new')
    await submit(page, { name: 'Varda', age: '3', description: 'Shy at first.' })
    await page.getByRole('alert').getByRole('heading', { name: 'You have reached a limit' }).waitFor()
    await checkAccessibility(page)
  } finally {
    await stopServer()
    await startServer()
  }
})
