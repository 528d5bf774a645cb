import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { formWith, submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'

const browser = useBrowser()

const godard = { name: 'Godard', age: '3', description: 'Shy at first.' }

async function namesOf(person: Person): Promise<string[]> {
  const { me } = await person.graphql<{ me: { catProfiles: { edges: { node: { name: string } }[] } } }>(operations.account)
  return me.catProfiles.edges.map(({ node }) => node.name)
}

/** Lets the next form with a field arrive, and loses the answer. */
async function loseAnswer(page: Page, field: string): Promise<void> {
  let lost = false
  await page.route('**/graphql', async (route) => {
    if (lost || !route.request().postData()?.includes(`"${field}"`)) return route.fallback()
    lost = true
    await route.fetch()
    await route.abort()
  })
}

test('A double click adds one cat, and the next form another', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  const sent: string[] = []
  page.on('request', (request) => {
    const { idempotencyKey } = (request.postDataJSON() as { variables?: { input?: { idempotencyKey?: string } } } | null)?.variables?.input ?? {}
    if (idempotencyKey) sent.push(idempotencyKey)
  })
  await page.goto('/cats/new')
  for (const [name, value] of Object.entries(godard)) await page.locator(`[name="${name}"]`).fill(value)
  // Faster than any finger: both clicks come before the page has shown that it is busy.
  await formWith(page, 'name').evaluate((form: HTMLFormElement) => {
    form.requestSubmit()
    form.requestSubmit()
  })
  await page.waitForURL(/\/cats\/[0-9a-f-]{36}$/)
  assert.equal(sent.length, 2, 'how often the form was sent')
  assert.deepEqual(await namesOf(ada), ['Godard'])

  await page.goto('/cats/new')
  for (const [name, value] of Object.entries(godard)) await page.locator(`[name="${name}"]`).fill(value)
  await formWith(page, 'name').locator('button[type=submit]').dblclick()
  await page.waitForURL(/\/cats\/[0-9a-f-]{36}$/)
  assert.deepEqual(await namesOf(ada), ['Godard', 'Godard'])
  assert.equal(new Set(sent).size, 2, 'how many keys there are')
})

test('A form whose answer is lost is sent again, also after the page was loaded again', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/cats/new')
  await loseAnswer(page, 'description')
  await submit(page, godard)
  await page.locator('[data-code="OFFLINE"]').waitFor()
  await page.reload()
  await page.locator('[name="name"]').waitFor()
  assert.equal(await page.locator('[name="name"]').inputValue(), 'Godard')
  await formWith(page, 'name').locator('button[type=submit]').click()
  await page.waitForURL(/\/cats\/[0-9a-f-]{36}$/)
  assert.deepEqual(await namesOf(ada), ['Godard'])
})

test('A form that has arrived and is changed then says so, and adds another cat if it is sent again', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/cats/new')
  await loseAnswer(page, 'description')
  await submit(page, godard)
  await page.locator('[data-code="OFFLINE"]').waitFor()
  await submit(page, { name: 'Truffaut' })
  await page.getByRole('heading', { name: 'This has arrived already' }).waitFor()
  await checkAccessibility(page)
  assert.deepEqual(await namesOf(ada), ['Godard'])
  await submit(page, { name: 'Truffaut' })
  await page.waitForURL(/\/cats\/[0-9a-f-]{36}$/)
  assert.deepEqual((await namesOf(ada)).sort(), ['Godard', 'Truffaut'])
})

test('A request whose answer is lost is sent again', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await using window = await bob.open(browser())
  const { page } = window
  await window.hearNothing() // A live event would show the request, whose answer is lost.
  await page.goto('/cats/' + cat)
  await page.locator('[name="startDate"]').waitFor()
  await loseAnswer(page, 'startDate')
  await submit(page, { startDate: day(10), endDate: day(14), message: 'I work from home.' })
  await page.locator('[data-code="OFFLINE"]').waitFor()
  await formWith(page, 'startDate').locator('button[type=submit]').click()
  await page.getByText('You have asked for').waitFor()
  const { fosterings } = await bob.graphql<{ fosterings: { edges: unknown[] } }>(operations.listRequests)
  assert.equal(fosterings.edges.length, 1)
})
