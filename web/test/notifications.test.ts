import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { day, Person } from './harness/person.ts'

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
