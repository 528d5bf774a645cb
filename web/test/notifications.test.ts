import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { day, Person } from './harness/person.ts'
import { scrollUntil } from './harness/scroll.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

test('A member hears of a request, and reads of it by opening it', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Bresson')
  await bob.ask(cat, day(10), day(14))

  await using adas = await ada.open(browser(), { viewport: { width: 375, height: 720 } })
  await adas.page.goto('/cats')
  await adas.page.getByRole('link', { name: 'News, 1 unread' }).click()
  await adas.page.getByRole('heading', { name: 'News', level: 1 }).waitFor()
  await adas.page.getByText('Bresson').waitFor()
  await checkAccessibility(adas.page)
  await adas.page.getByRole('link', { name: 'Bob asks for your cat' }).click()
  await adas.page.waitForURL(/\/fosterings\//)
  await adas.page.getByRole('link', { name: 'News', exact: true }).waitFor()
})

test('A member marks everything as read', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  for (const name of ['Bresson', 'Godard']) await bob.ask(await ada.addCat(name), day(10), day(14))

  await using adas = await ada.open(browser())
  await adas.page.goto('/notifications')
  await adas.page.getByRole('link', { name: 'News, 2 unread' }).waitFor()
  await adas.page.getByRole('button', { name: 'Mark all as read' }).click()
  await adas.page.getByRole('link', { name: 'News', exact: true }).waitFor()
  assert.equal(await adas.page.getByRole('button', { name: 'Mark all as read' }).count(), 0, 'there is nothing to mark')
})

test('A member reads the news page by page, and marks all of them as read', async () => {
  const ada = await Person.join('Ada')
  const guests = await Promise.all(['Bob', 'Cleo', 'Dan'].map((name) => Person.join(name)))
  for (let n = 0; n < 8; n++) for (const guest of guests) await guest.ask(await ada.addCat(`Cat ${n}`), day(10), day(14))

  await using adas = await ada.open(browser())
  const { page } = adas
  await page.goto('/notifications')
  await page.getByRole('link', { name: 'News, 24 unread' }).waitFor()
  const news = page.getByRole('article')
  await news.first().waitFor()
  await scrollUntil(page, 'all news are there', async () => (await news.count()) === 24)

  // A conversation asks for the newest of them alone.
  await news.last().getByRole('link').click()
  await page.getByRole('link', { name: 'News, 23 unread' }).waitFor()
  await page.goBack()
  await news.last().waitFor()
  assert.equal(await news.count(), 24, 'the pages that were loaded are gone')

  const unread = news.filter({ hasText: /New/ })
  await until('one is shown as read', async () => (await unread.count()) === 23)
  await page.getByRole('button', { name: 'Mark all as read' }).click()
  await page.getByRole('link', { name: 'News', exact: true }).waitFor()
  await until('all are shown as read', async () => (await unread.count()) === 0)
  assert.equal(await news.count(), 24)
})
