import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { formWith, submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

const narrow = { viewport: { width: 320, height: 800 } }
const newPlace = () => `Place ${randomUUID()}`
const names = (page: Page) => page.locator('article h2').allInnerTexts()
const chips = (page: Page) => page.getByRole('list', { name: 'Filters that are on' }).getByRole('listitem').allInnerTexts()

async function checkFits(page: Page): Promise<void> {
  await checkAccessibility(page)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert(overflow <= 0, `the page is ${overflow} pixels too wide`)
}

test('Filters of facts are chips, in the address, and kept on going back', async () => {
  const ada = await Person.join('Ada')
  const location = newPlace()
  const breed = `日本猫 ${randomUUID().slice(0, 8)}`
  const facts = { location, sex: 'FEMALE', goodWithDogs: true, vaccinatedUntil: day(30) }
  await ada.addCat('ねこ', { ...facts, breed })
  await ada.addCat('قطة', { ...facts, breed: `قط ${breed}`, goodWithDogs: false })
  await ada.addCat('Godard', { location })
  await using window = await ada.open(browser(), narrow)
  const { page } = window
  const shows = (...expected: string[]) => until(`the list shows ${expected.join()}`, async () => (await names(page)).join() === expected.join())

  await page.goto('/cats?' + new URLSearchParams({ location }).toString())
  await shows('Godard', 'قطة', 'ねこ')
  await page.getByText('What the cat is like').click()
  await page.locator('[name="sex"]').selectOption('FEMALE')
  await shows('قطة', 'ねこ')
  await page.locator('[name="breed"]').fill(breed.slice(0, -1))
  await page.locator(`datalist option[value="${breed}"]`).waitFor({ state: 'attached' })
  await page.locator('[name="breed"]').fill(breed)
  await page.locator('[name="goodWithDogs"]').selectOption('true')
  await page.locator('[name="vaccinatedOn"]').fill(day(30))
  await until('all chips are there', async () => (await chips(page)).length === 6)
  await shows('ねこ')
  const on = await chips(page)
  assert.deepEqual([on[0], on[1], on[2], on[4], on[5]], [`In ${location}`, 'Female', breed, 'Good with dogs', 'Remove all filters'])
  assert.match(on[3]!, /^Vaccinated on /)
  await checkFits(page)

  await page.getByRole('link', { name: 'ねこ' }).click()
  await page.getByRole('heading', { name: 'ねこ', level: 1 }).waitFor()
  await page.getByText('Good with dogs', { exact: false }).waitFor()
  await checkFits(page)
  await page.goBack()
  await shows('ねこ')
  assert.deepEqual(await chips(page), on)
  assert.equal(await page.locator('[name="goodWithDogs"]').inputValue(), 'true')

  await page.getByText('What the cat is like').click()
  await page.locator('[name="goodWithDogs"]').selectOption('')
  await page.getByRole('button', { name: `Remove the filter ${breed}` }).click()
  await shows('قطة', 'ねこ')
  assert.equal(await page.locator('[name="breed"]').inputValue(), '', 'the field does not follow')
  await page.getByRole('button', { name: 'Remove all filters' }).click()
  await page.waitForURL(/\/cats$/)
})

test('An empty list says which filter to remove for how many cats', async () => {
  const ada = await Person.join('Ada')
  const location = newPlace()
  await ada.addCat('Godard', { location, sex: 'MALE', goodWithCats: true })
  await ada.addCat('Varda', { location, sex: 'MALE', goodWithCats: true })
  await ada.addCat('Tati', { location, sex: 'FEMALE' })
  await using window = await ada.open(browser(), { ...narrow, locale: 'de' })
  const { page } = window
  await page.goto('/cats?' + new URLSearchParams({ location, sex: 'FEMALE', goodWithCats: 'true', order: 'name' }).toString())
  const buttons = page.getByRole('button', { name: /^Ohne / })
  await until('there are hints', async () => (await buttons.count()) >= 2)
  const hints = await buttons.allInnerTexts()
  assert(hints.includes('Ohne Weiblich: 2 Katzen') && hints.includes('Ohne Verträgt sich mit Katzen: 1 Katze'), hints.join())
  await checkFits(page)
  await page.getByRole('button', { name: 'Ohne Weiblich' }).click()
  await until('the cats are there', async () => (await names(page)).join() === 'Godard,Varda')
  assert(!page.url().includes('sex='))
})

test('A cat gets its facts in the one form, and loses nothing of what was typed', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser(), narrow)
  const { page } = window
  await page.goto('/cats/new')
  await page.locator('[name="name"]').fill('قطة')
  assert(!(await page.locator('[name="birthDate"]').isVisible()), 'the facts are not folded')
  await page.getByText('More facts').click()
  await checkFits(page)
  const born = new Date(Date.now() - 100 * 86_400_000).toISOString().slice(0, 10)
  await page.locator('[name="birthDate"]').fill(born)
  assert(await page.locator('[name="age"]').isDisabled(), 'there are two ages')
  await page.locator('[name="sex"]').selectOption('FEMALE')
  await page.locator('[name="breed"]').fill('日本猫')
  await page.locator('[name="needsMedication"]').selectOption('false')

  // What is typed stays when the page is left, and when the API refuses it.
  await page.goto('/cats')
  await page.goBack()
  await page.locator('[name="breed"]').waitFor()
  const typed = async () => Promise.all(['name', 'birthDate', 'sex', 'breed', 'needsMedication'].map((name) => page.locator(`main form [name="${name}"]`).inputValue()))
  assert.deepEqual(await typed(), ['قطة', born, 'FEMALE', '日本猫', 'false'])
  await submit(page, { description: 'Shy at first.', vaccinatedUntil: '9000-01-01' })
  await page.locator('[name="vaccinatedUntil"][aria-invalid="true"]').waitFor()
  assert.deepEqual(await typed(), ['قطة', born, 'FEMALE', '日本猫', 'false'])
  await checkFits(page)
  await submit(page, { vaccinatedUntil: day(20) })
  await page.getByRole('heading', { name: 'قطة' }).waitFor()
  await page.getByText('3 months').waitFor()
  const line = await page.getByText('日本猫').locator('..').innerText()
  assert.match(line, /^Female · 日本猫 · Needs no medication · Vaccinated until /)
  await checkFits(page)

  // What is not changed is not sent, and what is cleared is not known any more.
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.locator('[name="breed"]').waitFor()
  const form = formWith(page, 'breed')
  await form.locator('[name="birthDate"]').fill('')
  await form.locator('[name="age"]').fill('2')
  await form.locator('[name="sex"]').selectOption('')
  await form.locator('[name="goodWithChildren"]').selectOption('false')
  const sent = page.waitForRequest((request) => /UpdateCat/.test(request.postData() ?? ''))
  await form.locator('button[type=submit]').click()
  const { variables } = (await sent).postDataJSON() as { variables: { input: unknown } }
  assert.deepEqual(variables.input, { age: 2, birthDate: null, sex: null, goodWithChildren: false })
  await page.getByText('2 years').waitFor()
  await page.getByText('日本猫 · Not with children').waitFor()
})

test('Both sides see a vaccination that ends within the days', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard', { vaccinatedUntil: day(12) })
  await using window = await bob.open(browser(), narrow)
  const { page } = window
  const warning = (page: Page) => page.getByText(/only, before the last of these days/)
  await page.goto('/cats/' + cat)
  await page.locator('[name="startDate"]').fill(day(10))
  await page.locator('[name="endDate"]').fill(day(12))
  assert.equal(await warning(page).count(), 0, 'a vaccination that lasts is complained of')
  await page.locator('[name="endDate"]').fill(day(13))
  await warning(page).waitFor()
  await checkFits(page)
  await submit(page, { startDate: day(10), endDate: day(14) })
  await page.getByText('You have asked for').waitFor()
  await page.goto('/fosterings')
  await warning(page).waitFor()

  await using other = await ada.open(browser(), narrow)
  await other.page.goto('/requests')
  await warning(other.page).waitFor()
  await checkFits(other.page)
  await ada.graphql(operations.changeCat, { id: cat, input: { vaccinatedUntil: day(14) } })
  await other.page.reload()
  await other.page.getByRole('button', { name: 'Approve' }).waitFor()
  assert.equal(await warning(other.page).count(), 0, 'the vaccination has been renewed')
})
