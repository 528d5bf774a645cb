import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { de } from '../src/text/de.ts'
import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { ageSessions } from './harness/kratos.ts'
import { operations } from './harness/operations.ts'
import { Person } from './harness/person.ts'
import { password, url } from './harness/server.ts'
import { PAGES_APART, until } from './harness/until.ts'

const browser = useBrowser()

const sectionOf = (page: Page, title: string) => page.locator('section').filter({ has: page.getByRole('heading', { name: title }) })

test('A member sees where they are logged in, and ends other sessions', async () => {
  const ada = await Person.join('Ada')
  const [phone, laptop] = [await Person.logIn('Ada', ada.email, password), await Person.logIn('Ada', ada.email, password)]
  await using window = await ada.openAnew(browser())
  const { page } = window
  await page.goto('/settings')
  const section = sectionOf(page, 'Where you are logged in')
  const items = section.getByRole('listitem')
  await items.first().getByText('This device').waitFor()
  await section.getByText('used in the last 24 hours').first().waitFor()
  // Kratos stores a session at a sign-up too, which nobody has the cookie of.
  const all = await items.count()
  assert(all >= 4, `${all} sessions are shown, want the four logins`)
  await checkAccessibility(page)
  await items.nth(1).getByRole('button').click() // The latest login comes first.
  await page.getByText('The session is ended.').waitFor()
  assert.equal(await items.count(), all - 1)
  assert.equal(await laptop.codeOf(operations.me), 'UNAUTHENTICATED', 'the session that was ended')
  assert.equal(await phone.codeOf(operations.me), undefined, 'another session')
  await section.getByRole('button', { name: 'End all other sessions' }).click()
  await page.getByText('All other sessions are ended.').waitFor()
  assert.equal(await items.count(), 1)
  assert.equal(await phone.codeOf(operations.me), 'UNAUTHENTICATED', 'another session after all were ended')
  await page.goto('/profile')
  await page.getByRole('heading', { name: 'Ada' }).waitFor()
})

test('A session that is not used any more says so, in German', async () => {
  const ada = await Person.join('Ada')
  await Person.logIn('Ada', ada.email, password)
  await ageSessions(ada.email, 9)
  await using window = await (await Person.logIn('Ada', ada.email, password)).open(browser(), { locale: 'de-DE', viewport: { width: 375, height: 800 } })
  const { page } = window
  await page.goto('/settings')
  const section = sectionOf(page, de.account.sessions.title)
  await section.getByText('zuletzt benutzt etwa am').first().waitFor()
  await section.getByText(de.account.sessions.thisDevice).waitFor()
})

test('A member who comes again stays signed in', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page, context } = window
  const cookie = async () => (await context.cookies(url)).find(({ name }) => name === 'ory_kratos_session')!
  await page.goto('/profile')
  await page.getByRole('heading', { name: 'Ada' }).waitFor()
  assert(await page.evaluate(() => localStorage.getItem('catfoster.renewed')), 'the page remembers when the cookie was made')
  const before = await cookie()

  await ageSessions(ada.email, 20)
  await page.evaluate((time) => localStorage.setItem('catfoster.renewed', time), String(Date.now() - 2 * 86_400_000))
  await page.clock.install()
  await page.goto('/profile')
  await page.getByRole('heading', { name: 'Ada' }).waitFor()
  // The API has a session extended that it has asked Kratos about, which it does every ten seconds.
  await until('the session is extended and its cookie renewed', async () => {
    await ada.codeOf(operations.me)
    await page.evaluate((time) => localStorage.setItem('catfoster.renewed', time), String(Date.now() - 2 * 86_400_000))
    await page.goto('/profile')
    await page.getByRole('heading', { name: 'Ada' }).waitFor()
    await page.clock.runFor(6_000)
    return (await cookie()).value !== before.value
  }, 60_000, PAGES_APART)
  const { expires } = await cookie()
  assert(expires > Date.now() / 1000 + 29 * 86_400, `the cookie ends in ${(expires - Date.now() / 1000) / 86_400} days, want 30`)
})
