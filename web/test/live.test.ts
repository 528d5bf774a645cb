// What changes on open pages by itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { answerTo, refuse, useBrowser } from './harness/browser.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'
import { scrollUntil } from './harness/scroll.ts'
import { startServer, stopServer } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

/** Returns a metric of the server. */
async function metric(name: string): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${process.env['INTERNAL_PORT']}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)![1])
}

const streams = (want: number) => until(`${want} streams are open`, async () => (await metric('catfoster_live_streams')) === want)

/** Leaves a mark in a page, which is gone if the page is loaded again. */
const mark = (page: Page) => page.evaluate(() => void Object.assign(globalThis, { mark: true }))
const isMarked = (page: Page) => page.evaluate(() => 'mark' in globalThis)

test('The pages of both sides change by themselves', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await using adas = await ada.open(browser())
  await using bobs = await bob.open(browser())
  await adas.page.goto('/requests')
  await adas.page.getByText('Nothing to answer').waitFor()
  await bobs.page.goto('/fosterings?part=promised')
  await streams(2)
  await Promise.all([mark(adas.page), mark(bobs.page)])

  const request = await bob.ask(cat, day(10), day(14), 'I work from home.')
  await adas.page.getByText('I work from home.').waitFor()

  // What Ada writes stays, and so does what she has seen, until she has closed the dialog.
  await adas.page.getByRole('button', { name: 'Reject' }).click()
  await adas.page.locator('[name="reason"]').fill('She does not')
  await bob.graphql(operations.changeRequest, { id: request, input: { message: 'I am away on Fridays.' } })
  await adas.page.locator('[name="reason"]').pressSequentially(' get along with dogs.')
  assert.equal(await adas.page.locator('[name="reason"]').inputValue(), 'She does not get along with dogs.')
  await adas.page.keyboard.press('Escape')
  await adas.page.getByText('I am away on Fridays.').waitFor()

  await ada.graphql(operations.approve, { id: request })
  await bobs.page.getByText(ada.email).waitFor()
  assert.deepEqual(await Promise.all([isMarked(adas.page), isMarked(bobs.page)]), [true, true], 'the pages were loaded again')
})

test('What is new comes to a list of several pages, and nothing leaves it', async () => {
  const [ada, bob, cleo] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Cleo')])
  for (const guest of [bob, cleo]) for (let n = 0; n < 7; n++) await guest.ask(await ada.addCat(`Cat ${n}`), day(10), day(14))
  await streams(0)
  await using adas = await ada.open(browser())
  const { page } = adas
  await page.goto('/requests')
  const requests = page.getByRole('article')
  await requests.first().waitFor()
  await scrollUntil(page, 'all requests are there', async () => (await requests.count()) === 14)
  await streams(1)
  const last = requests.last().getByRole('button').first()
  await last.focus()
  const shown: number[] = []
  await page.exposeFunction('shows', (count: number) => shown.push(count))
  await page.evaluate(() => new MutationObserver(() => (globalThis as unknown as { shows: (n: number) => void }).shows(document.querySelectorAll('article').length)).observe(document.body, { childList: true, subtree: true }))

  await bob.ask(await ada.addCat('Varda'), day(20), day(24), 'One more.')
  await page.getByText('One more.').waitFor()
  await until('all requests are there', async () => (await requests.count()) === 15)
  assert(Math.min(...shown) >= 14, `requests were gone for a moment: ${shown.join()}`)
  assert(await last.evaluate((button) => button === document.activeElement), 'the focus is lost')
})

test('A page stays when the API refuses what it asks after an event', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const [first, second] = await Promise.all([ada.addCat('Godard'), ada.addCat('Renoir')])
  await bob.ask(first, day(10), day(14))
  await streams(0)
  await using adas = await ada.open(browser())
  const { page } = adas
  await page.goto('/requests')
  await page.getByRole('article').filter({ hasText: 'Godard' }).waitFor()
  await streams(1)
  await refuse(page, 'Viewer')
  const refused = answerTo(page, 'Viewer')
  await bob.ask(second, day(20), day(24))
  await refused
  await page.getByRole('article').filter({ hasText: 'Renoir' }).waitFor()
  await page.getByRole('button', { name: 'Menu of Ada' }).waitFor()
})

test('The tabs of a browser have one stream', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Varda')
  await streams(0)
  await using window = await ada.open(browser())
  const first = window.page
  await first.goto('/requests')
  await streams(1)
  const second = await window.context.newPage()
  await second.goto('/requests')
  await second.getByText('Nothing to answer').waitFor()
  await streams(1)
  const one = await bob.ask(cat, day(10), day(14), 'The first.')
  for (const page of [first, second]) await page.getByText('The first.').waitFor()

  await first.close()
  await streams(1)
  await bob.graphql(operations.changeRequest, { id: one, input: { message: 'The second.' } })
  await second.getByText('The second.').waitFor()

  // Another server: the page catches up.
  await stopServer()
  await startServer()
  await bob.graphql(operations.changeRequest, { id: one, input: { message: 'The third.' } })
  await second.getByText('The third.').waitFor()
  await second.close()
  await streams(0)
})
