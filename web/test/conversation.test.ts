import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'

import { checkAccessibility, holdBack, useBrowser } from './harness/browser.ts'
import { formWith, submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { day, logOut, Person } from './harness/person.ts'
import { password } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

const phone = { viewport: { width: 375, height: 700 } }

/** Makes Bob ask for a cat of Ada's. */
async function request(message?: string) {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const id = await bob.ask(await ada.addCat('Godard'), day(10), day(14), message)
  return { ada, bob, id }
}

const texts = (page: Page) => page.getByRole('log').locator('[class*=bubble] > div').allInnerTexts()

async function messagesOf(person: Person, id: string): Promise<string[]> {
  const { fostering } = await person.graphql<{ fostering: { messages: { edges: { node: { text: string } }[] } } }>(operations.messages, { id })
  return fostering.messages.edges.map(({ node }) => node.text)
}

/** Returns to the window, as from another tab. */
const comeBack = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))

/** Fails if an element is not in the window. */
async function requireInView(page: Page, selector: string): Promise<void> {
  await until(`${selector} is in view`, () =>
    page.locator(selector).last().evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect()
      return top >= 0 && bottom <= innerHeight
    }),
  )
}

test('Two members talk, one of them on a phone', async () => {
  const { ada, bob, id } = await request('May I?')
  await using adas = await ada.open(browser())
  await adas.page.goto('/requests')
  await adas.page.getByRole('link', { name: 'Conversation' }).click()
  await adas.page.waitForURL('**/fosterings/' + id)
  await adas.page.getByText('May I?').waitFor()
  await checkAccessibility(adas.page)
  await submit(adas.page, { text: 'Do you have a balcony?\n\nSee https://example.org/nets (the blue one).' })
  await adas.page.getByText('Sent.').waitFor()
  await adas.page.getByText('Do you have a balcony?').waitFor()
  assert.equal(await adas.page.locator('[name=text]').inputValue(), '', 'the text after it was sent')

  await using bobs = await bob.open(browser(), phone)
  await bobs.page.goto('/fosterings')
  await bobs.page.getByRole('link', { name: 'Conversation' }).click()
  const link = bobs.page.getByRole('link', { name: 'https://example.org/nets' })
  await link.waitFor()
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer nofollow')
  await requireInView(bobs.page, '[class*=bubble]')
  await requireInView(bobs.page, '[name=text]')
  await checkAccessibility(bobs.page)
  assert.equal(await bobs.page.evaluate(() => document.documentElement.scrollWidth), 375, 'the width of the page')
  const sideOf = async (text: string) => (await bobs.page.locator('[class*=bubble]', { hasText: text }).boundingBox())!
  assert((await sideOf('May I?')).x > (await sideOf('Do you have a balcony?')).x, 'own messages are not on a side of their own')

  await bobs.page.locator('[name=text]').fill('I have a net.')
  await bobs.page.keyboard.press('Control+Enter')
  await bobs.page.locator('[class*=bubble]', { hasText: 'I have a net.' }).waitFor()
  await requireInView(bobs.page, '[class*=bubble]')

  await comeBack(adas.page)
  await adas.page.getByText('I have a net.').waitFor()
  const all = ['May I?', 'Do you have a balcony?\n\nSee https://example.org/nets (the blue one).', 'I have a net.']
  assert.deepEqual((await texts(adas.page)).map((text) => text.replaceAll(/\n+/g, '\n\n')), all)
  assert.deepEqual(await messagesOf(bob, id), all)
})

test('A message whose answer is lost is sent again, and is there once', async () => {
  const { bob, id } = await request()
  await using window = await bob.open(browser())
  const { page } = window
  await page.goto('/fosterings/' + id)
  await page.getByText('No messages yet.').waitFor()
  let lost = false
  await page.route('**/graphql', async (route) => {
    if (lost || !route.request().postData()?.includes('"text"')) return route.fallback()
    lost = true
    await route.fetch()
    await route.abort()
  })
  await submit(page, { text: 'Hello' })
  await page.locator('[data-code="OFFLINE"]').waitFor()
  await checkAccessibility(page)
  await page.reload()
  await page.locator('[name=text]').waitFor()
  assert.equal(await page.locator('[name=text]').inputValue(), 'Hello', 'the draft')
  await formWith(page, 'text').locator('button[type=submit]').click()
  await page.getByText('Sent.').waitFor()
  assert.deepEqual(await texts(page), ['Hello'])
  assert.deepEqual(await messagesOf(bob, id), ['Hello'])
  // The next one is another message, even if it says the same.
  await submit(page, { text: 'Hello' })
  await until('there are two messages', async () => (await texts(page)).length === 2)
  assert.deepEqual(await messagesOf(bob, id), ['Hello', 'Hello'])
})

test('A draft survives a login in between', async () => {
  const { bob, id } = await request()
  await using window = await bob.open(browser())
  const { page } = window
  await page.goto('/fosterings/' + id)
  await page.locator('[name=text]').waitFor()
  {
    await using other = await bob.open(browser())
    await logOut(other)
  }
  await submit(page, { text: 'Hello' })
  await page.getByRole('button', { name: 'Log in' }).click()
  await submit(page, { identifier: bob.email, password })
  await page.waitForURL('**/fosterings/' + id)
  await page.locator('[name=text]').waitFor()
  assert.equal(await page.locator('[name=text]').inputValue(), 'Hello')
})

test('A message that arrives after its page was left is no draft', async () => {
  const { bob, id } = await request()
  await using window = await bob.open(browser())
  const { page } = window
  await page.goto('/fosterings/' + id)
  await page.getByText('No messages yet.').waitFor()
  const answer = await holdBack(page, 'SendMessage')
  await submit(page, { text: 'Hello' })
  await answer.held
  await page.locator('nav a[href="/cats"]').first().click()
  await page.getByRole('heading', { name: 'Cats', exact: true }).waitFor()
  answer.release()
  await window.quiet()
  await page.goBack()
  await until('the message is there', async () => (await texts(page)).join() === 'Hello')
  assert.equal(await page.locator('[name=text]').inputValue(), '', 'the draft')
})

test('A conversation that was opened in the background is read once it is seen', async () => {
  const { ada, id } = await request('May I?')
  await using window = await ada.open(browser())
  const { page } = window
  await page.addInitScript(() => Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' }))
  await page.goto('/fosterings/' + id)
  await page.getByText('May I?').waitFor()
  await page.getByRole('link', { name: 'News, 1 unread' }).waitFor()
  await page.evaluate(() => Reflect.deleteProperty(document, 'visibilityState'))
  await comeBack(page)
  await page.getByRole('link', { name: 'News', exact: true }).waitFor()
})

test('Earlier messages come when a member scrolls up, and the newest are in view first', async () => {
  const { ada, bob, id } = await request('Message 0')
  for (let n = 1; n <= 45; n++) await (n % 2 ? ada : bob).graphql(operations.sendMessage, { input: { fosteringId: id, text: `Message ${n}` } })
  const all = Array.from({ length: 46 }, (_, n) => `Message ${n}`)
  await using window = await bob.open(browser(), phone)
  const { page } = window
  await window.hearNothing() // Otherwise a slow machine loads one message after the other.
  await page.goto('/fosterings/' + id)
  await page.getByText('Message 45', { exact: true }).waitFor()
  await requireInView(page, '[class*=bubble]')
  assert.deepEqual(await texts(page), all.slice(26))
  for (const first of [6, 0]) {
    await page.getByRole('log').evaluate((box) => box.scrollTo(0, 0))
    await page.getByText(`Message ${first}`, { exact: true }).waitFor()
    assert.deepEqual(await texts(page), all.slice(first))
  }
  await until('there are no more', async () => (await page.getByRole('button', { name: 'Show earlier messages' }).count()) === 0)
  // More messages than are loaded at once come in between.
  for (let n = 46; n <= 68; n++) await ada.graphql(operations.sendMessage, { input: { fosteringId: id, text: `Message ${n}` } })
  await comeBack(page)
  await page.getByText('Message 68', { exact: true }).waitFor()
  assert.deepEqual(await texts(page), Array.from({ length: 20 }, (_, n) => `Message ${49 + n}`))
})

test('A conversation with a former member is closed, and says why', async () => {
  const { ada, bob, id } = await request('May I?')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/fosterings/' + id)
  await page.locator('[name=text]').waitFor()
  await bob.graphql(operations.deleteAccount)
  await submit(page, { text: 'Hello' })
  await page.getByText('The other side has deleted their account').waitFor()
  assert.equal(await page.locator('[name=text]').count(), 0, 'a closed conversation has a form')
  await page.getByRole('heading', { name: 'You and Former member' }).waitFor()
  await checkAccessibility(page)
})

test('Nobody else sees a conversation', async () => {
  const { id } = await request('May I?')
  const eve = await Person.join('Eve')
  await using window = await eve.open(browser())
  await window.page.goto('/fosterings/' + id)
  await window.page.locator('[data-code="FORBIDDEN"]').waitFor()
})
