// Towns: what a member chooses, and what is near it.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { formWith, submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { Person } from './harness/person.ts'
import { command } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser({}, async () => void (await command('places', 'load')))

const narrow = { viewport: { width: 320, height: 800 } }

/** Returns the id of the town of Germany that a text finds. */
async function townOf(person: Person, search: string): Promise<string> {
  const { places } = await person.graphql<{ places: { id: string; name: string; country: string }[] }>(operations.places, { search })
  return places.find(({ name, country }) => name === search && country === 'DE')!.id
}

const names = (page: Page) => page.locator('article h2').allInnerTexts()

async function checkFits(page: Page): Promise<void> {
  await checkAccessibility(page)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert(overflow <= 0, `the page is ${overflow} pixels too wide`)
}

/** Returns what a combobox tells assistive technology: whether its list is open, and which option is the active one. */
const stateOf = (page: Page, name: string) =>
  page.getByRole('combobox', { name }).evaluate((field) => {
    const active = document.getElementById(field.getAttribute('aria-activedescendant') ?? '')
    return { expanded: field.getAttribute('aria-expanded'), active: active?.querySelector('bdi')?.textContent, selected: active?.ariaSelected, focused: field === document.activeElement }
  })

test('Cats near a town are found by keys alone, the nearest first', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const tag = randomUUID().slice(0, 8)
  for (const town of ['Berlin', 'Mannheim', 'Heidelberg']) await ada.addCat(`${town} ${tag}`, { placeId: await townOf(ada, town) })
  await ada.addCat(`Nowhere ${tag}`)
  await using window = await bob.open(browser(), narrow)
  const { page } = window
  const shows = (...towns: string[]) => until(`the list shows ${towns.join()}`, async () => (await names(page)).join() === towns.map((town) => `${town} ${tag}`).join())
  await page.goto(`/cats?search=${tag}`)
  await until('all cats are shown', async () => (await names(page)).length === 4)
  await page.getByRole('combobox', { name: 'Near' }).focus()
  await page.keyboard.type('heidelberg')
  await page.getByRole('option').first().waitFor()
  assert.deepEqual(await stateOf(page, 'Near'), { expanded: 'true', active: undefined, selected: undefined, focused: true })
  await until('the number of towns is told', async () => (await page.getByRole('status').allInnerTexts()).some((text) => /^\d+ towns? found$/.test(text)))
  await page.keyboard.press('ArrowDown')
  assert.deepEqual(await stateOf(page, 'Near'), { expanded: 'true', active: 'Heidelberg', selected: 'true', focused: true })
  await checkFits(page)
  await page.keyboard.press('Escape')
  assert.equal((await stateOf(page, 'Near')).expanded, 'false')
  await page.keyboard.press('ArrowDown')
  assert.equal((await stateOf(page, 'Near')).active, 'Heidelberg')
  await page.keyboard.press('Enter')
  await page.waitForURL(/near=/)
  await shows('Heidelberg', 'Mannheim')
  assert.equal(await page.locator('[name="order"]').inputValue(), 'distance')
  assert.match(await page.locator('article', { hasText: 'Heidelberg' }).innerText(), /Same town/)
  assert.match(await page.locator('article', { hasText: 'Mannheim' }).innerText(), /\d+ km away/)
  await page.locator('[name="radius"]').selectOption('500')
  await shows('Heidelberg', 'Mannheim', 'Berlin')

  // Without the place there is no order by distance, and the cat without a town is there again.
  await page.getByRole('button', { name: 'Remove the filter Up to 500 km from Heidelberg' }).click()
  await until('all cats are shown', async () => (await names(page)).length === 4)
  assert.equal(await page.getByRole('combobox', { name: 'Near' }).inputValue(), '')
  assert.equal(await page.locator('[name="order"]').inputValue(), 'newest')
  assert(!/near|radius|order/.test(page.url()), page.url())
})

test('A link to cats near a town works for others, in their language', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const heidelberg = await townOf(ada, 'Heidelberg')
  await using window = await bob.open(browser(), { ...narrow, locale: 'de' })
  const { page } = window
  await page.goto(`/cats?near=${heidelberg}&radius=25`)
  await page.getByRole('button', { name: /Bis 25 km von Heidelberg/ }).waitFor()
  const field = page.getByRole('combobox', { name: 'In der Nähe von' })
  assert.equal(await field.inputValue(), 'Heidelberg')
  assert.equal(await page.locator('[name="radius"]').inputValue(), '25')
  await checkFits(page)
  await field.fill('ケルン')
  const option = page.getByRole('option', { name: 'Deutschland' }).first()
  await option.waitFor()
  assert.match(await option.innerText(), /^(Köln|Cologne)\s/)
  await field.fill('qqqqq')
  await page.getByText(/^Kein Ort gefunden/).first().waitFor()
  await checkFits(page)
  // An unfinished text is no filter.
  await page.locator('search button[type=submit]').click()
  assert.match(page.url(), new RegExp(heidelberg))
})

test('The newest answer wins, whatever the order in which they come', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page, context } = window
  const first: { release?: () => void } = {}
  await context.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('"search":"ber"')) await new Promise<void>((resolve) => (first.release = resolve))
    await route.continue()
  })
  await page.goto('/cats')
  const field = page.getByRole('combobox', { name: 'Near' })
  await field.fill('ber')
  await until('the first answer is held back', () => first.release !== undefined)
  await field.fill('heidelberg')
  await page.getByRole('option', { name: /^Heidelberg/ }).first().waitFor()
  first.release!()
  await window.quiet()
  assert.match(await page.getByRole('option').first().innerText(), /^Heidelberg/)
})

test("A member's own town is offered first, by touch too", async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser(), { ...narrow, hasTouch: true })
  const { page } = window
  await page.goto('/profile')
  await page.getByRole('button', { name: 'Edit profile' }).click()
  const field = page.getByRole('combobox', { name: 'Where you live' })
  await field.fill('Mannh')
  await page.getByRole('option', { name: /^Mannheim/ }).first().tap()
  await checkFits(page)
  // Escape closes the list, and not the dialog around it.
  await field.fill('Ber')
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Choose a town from the list.').waitFor()
  await field.fill('Mannheim')
  await page.getByRole('option', { name: /^Mannheim/ }).first().tap()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  await page.locator('header').getByText('Mannheim').waitFor()

  await page.goto('/cats')
  await page.getByRole('combobox', { name: 'Near' }).tap()
  await page.getByRole('option', { name: /^Mannheim/ }).tap()
  await page.waitForURL(/near=/)
  await page.getByRole('button', { name: 'Remove the filter Up to 50 km from Mannheim' }).waitFor()
})

test('The town of a cat is kept with what was typed, and can be removed', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser(), narrow)
  const { page } = window
  await page.goto('/cats/new')
  const field = page.getByRole('combobox', { name: 'Town' })
  await field.fill('heidel')
  await page.getByRole('option', { name: /^Heidelberg/ }).first().click()
  await page.goto('/cats')
  await page.goBack()
  await until('the town is there again', async () => (await field.inputValue()) === 'Heidelberg')
  await submit(page, { name: 'Godard', age: '3', description: 'Shy at first.', location: 'Altstadt' })
  await page.getByRole('heading', { name: 'Godard' }).waitFor()
  await page.getByText('Heidelberg, Altstadt').waitFor()
  await checkFits(page)

  await page.getByRole('link', { name: 'Edit' }).click()
  await until('the form has the town', async () => (await field.inputValue()) === 'Heidelberg')
  await field.fill('')
  const sent = page.waitForRequest((request) => /UpdateCat/.test(request.postData() ?? ''))
  await formWith(page, 'placeId').locator('button[type=submit]').click()
  const { variables } = (await sent).postDataJSON() as { variables: { input: unknown } }
  assert.deepEqual(variables.input, { placeId: null })
  await page.getByText('Saved.').waitFor()
})
