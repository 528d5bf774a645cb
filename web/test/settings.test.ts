import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { authenticatorCode, formWith, submit } from './harness/form.ts'
import { codeFrom } from './harness/mail.ts'
import { operations } from './harness/operations.ts'
import { newEmail, Person } from './harness/person.ts'

const browser = useBrowser()

test('A member changes the address and confirms the new one', async () => {
  const ada = await Person.join('Ada')
  const next = newEmail()
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/settings')
  await page.locator('[name="traits.email"]').waitFor()
  await submit(page, { 'traits.email': next })
  await submit(page, { code: await codeFrom(next, 'verify') })
  await page.getByRole('link', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
  const { me } = await ada.graphql<{ me: { email: string } }>(operations.me)
  assert.equal(me.email, next)
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
