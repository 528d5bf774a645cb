import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { authenticatorCode, formWith, submit } from './harness/form.ts'
import { codeFrom } from './harness/mail.ts'
import { operations } from './harness/operations.ts'
import { newEmail, Person } from './harness/person.ts'
import { password } from './harness/server.ts'

const browser = useBrowser()

test('A member changes the address and confirms the new one', async () => {
  const ada = await Person.join('Ada')
  const next = newEmail()
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/settings')
  await page.locator('[name="traits.email"]').waitFor()
  await submit(page, { 'traits.email': next })
  await page.locator('[name="code"]').waitFor()

  // Until the code is entered the old address stays, and every page says so.
  const first = await codeFrom(next, 'verify')
  assert.equal((await ada.graphql<{ me: { email: string } }>(operations.me)).me.email, ada.email)
  await page.goto('/cats')
  const banner = page.getByRole('complementary', { name: 'New email address' })
  await banner.getByText(`${next} is not confirmed yet.`).waitFor()
  await checkAccessibility(page)

  await banner.getByRole('button', { name: 'Mail me a code' }).click()
  await submit(page, { code: await codeFrom(next, 'verify', first) })
  await page.getByRole('link', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Cats', exact: true }).waitFor()
  assert.equal(await banner.count(), 0)
  assert.equal((await ada.graphql<{ me: { email: string } }>(operations.me)).me.email, next)
})

test('A member changes the address and keeps the old one', async () => {
  const ada = await Person.join('Ada')
  const next = newEmail()
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/settings')
  await page.locator('[name="traits.email"]').waitFor()
  await submit(page, { 'traits.email': next })
  await page.locator('[name="code"]').waitFor()
  await page.goto('/settings')
  assert.equal(await page.locator('[name="traits.email"]').inputValue(), ada.email)

  // Another name leaves the new address as it is.
  await submit(page, { 'traits.name': 'Ada Lovelace' })
  await page.getByText('Saved.').waitFor()
  const banner = page.getByRole('complementary', { name: 'New email address' })
  await banner.getByText(`${next} is not confirmed yet.`).waitFor()
  await banner.getByRole('button', { name: 'Keep the old address' }).click()
  await banner.waitFor({ state: 'detached' })
  assert.equal(await page.locator('[name="traits.email"]').inputValue(), ada.email)
  assert.equal(await page.locator('[name="traits.name"]').inputValue(), 'Ada Lovelace')
})

test('The code of a change of address counts in a session of the member only', async () => {
  const ada = await Person.join('Ada')
  const next = newEmail()
  {
    await using window = await ada.open(browser())
    const { page } = window
    await page.goto('/settings')
    await page.locator('[name="traits.email"]').waitFor()
    await submit(page, { 'traits.email': next })
    await page.locator('[name="code"]').waitFor()
  }
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/verification')
  await submit(page, { email: newEmail() })
  // The browser does not know whose change it is: it asks for a password, or for a login.
  await page.getByRole('link', { name: 'Log in first' }).click()
  await submit(page, { identifier: ada.email, password })
  await page.getByRole('complementary', { name: 'New email address' }).waitFor()
  const before = await codeFrom(next, 'verify')
  await page.goto('/verification')
  await submit(page, { email: next })
  await submit(page, { code: await codeFrom(next, 'verify', before) })
  await page.getByRole('heading', { name: 'Your address is confirmed' }).waitFor()
  assert.equal((await ada.graphql<{ me: { email: string } }>(operations.me)).me.email, next)
})

test('A form that cannot be sent any more starts anew with what was typed', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page, context } = window
  await page.goto('/settings')
  await page.locator('[name="traits.name"]').waitFor()
  // Kratos refuses a form without its cookie, as it refuses an expired one.
  await context.clearCookies({ name: /csrf/ })
  await submit(page, { 'traits.name': 'Ada Lovelace' })
  await page.getByText('The form had expired').waitFor()
  assert.equal(await page.locator('[name="traits.name"]').inputValue(), 'Ada Lovelace')
  await checkAccessibility(page)
  await formWith(page, 'traits.name').locator('button[type=submit]').click()
  await page.getByText('Saved.').waitFor()
})

test('A recovery asks for the second factor, and then for a new password', async () => {
  const ada = await Person.join('Ada')
  let secret = ''
  {
    await using window = await ada.open(browser())
    const { page } = window
    await page.goto('/settings')
    await page.locator('[name="totp_code"]').waitFor()
    secret = await formWith(page, 'totp_code').locator('code').innerText()
    await submit(page, { totp_code: authenticatorCode(secret) })
    await page.locator('[name="totp_unlink"]').waitFor()
  }
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/recovery')
  await submit(page, { email: ada.email })
  await submit(page, { code: await codeFrom(ada.email, 'Recover') })
  await submit(page, { totp_code: authenticatorCode(secret) })
  await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
  await submit(page, { password: 'a-cat-named-Truffaut-8' })
  await page.getByRole('link', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
})

test('A change of the settings that could not be sent is sent again', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page, context } = window
  await page.goto('/settings')
  await page.locator('[name="traits.name"]').waitFor()
  await context.setOffline(true)
  await submit(page, { 'traits.name': 'Ada Lovelace' })
  await page.getByRole('alert').waitFor()
  assert.equal(await page.locator('[name="traits.name"]').inputValue(), 'Ada Lovelace')
  await checkAccessibility(page)
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Saved.').waitFor()
})
