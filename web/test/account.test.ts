import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { authenticatorCode, formWith, submit } from './harness/form.ts'
import { codeFrom } from './harness/mail.ts'
import { logOut, newEmail, Person } from './harness/person.ts'
import { command, password, startServer, stopServer } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

test('A visitor registers with the code from the mail, logs out, and logs in', async () => {
  await using window = await Window.open(browser())
  const { page } = window
  const email = newEmail()

  await page.goto('/registration')
  await page.locator('[name="traits.email"]').waitFor()
  await checkAccessibility(page)
  await submit(page, { 'traits.email': email, 'traits.name': 'Ada', password: 'cats' })
  // A rule of Kratos's, shown at its field; what was typed is still there.
  await page.locator('[name="password"][aria-invalid="true"]').waitFor()
  assert.equal(await page.locator('[name="traits.email"]').inputValue(), email)
  await checkAccessibility(page)
  await submit(page, { password })

  await page.waitForURL('**/verification?*')
  await page.locator('[name="code"]').waitFor()
  await checkAccessibility(page)
  await submit(page, { code: await codeFrom(email, 'verify') })
  await home(page)
  await logOut(window)

  await page.goto('/login')
  await submit(page, { identifier: email, password: 'not-' + password })
  await page.getByRole('alert').waitFor()
  await checkAccessibility(page)
  await submit(page, { identifier: email, password })
  await home(page)
  await page.reload()
  await logOut(window)

  await page.goto('/cats')
  await page.waitForURL('**/login*')
})

test('A member who has forgotten the password recovers the account', async () => {
  const ada = await Person.join('Ada')
  await using window = await Window.open(browser())
  const { page } = window
  const next = 'a-cat-named-Truffaut-8'

  await page.goto('/login')
  await page.locator('a[href^="/recovery"]').click()
  await page.locator('[name="email"]').waitFor()
  await checkAccessibility(page)
  await submit(page, { email: ada.email })
  await page.locator('[name="code"]').waitFor()
  await checkAccessibility(page)
  await submit(page, { code: await codeFrom(ada.email, 'Recover') })

  // The old password no longer works, so the page asks for a new one before anything else.
  await page.waitForURL('**/settings?*')
  await page.locator('[name="password"]').waitFor()
  await checkAccessibility(page)
  await submit(page, { password: next })
  await page.getByRole('link', { name: 'Continue' }).waitFor()
  await checkAccessibility(page)
  await page.getByRole('link', { name: 'Continue' }).click()
  await home(page)

  for (const [attempt, accepted] of [
    [password, false],
    [next, true],
  ] as const) {
    await using other = await Window.open(browser())
    await other.page.goto('/login')
    await submit(other.page, { identifier: ada.email, password: attempt })
    if (accepted) await home(other.page)
    else await other.page.getByRole('alert').waitFor()
  }
})

test('A member sets up a second factor and uses it', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window

  await page.goto('/settings')
  await page.locator('[name="totp_code"]').waitFor()
  await page.locator('img[src^="data:image/png"]').waitFor()
  await checkAccessibility(page)
  const secret = await formWith(page, 'totp_code').locator('code').innerText()
  await submit(page, { totp_code: authenticatorCode(secret) })
  await page.locator('[name="totp_unlink"]').waitFor()
  await checkAccessibility(page)

  // Codes for the day on which the phone is lost.
  await page.locator('[name="lookup_secret_regenerate"]').click()
  const codes = formWith(page, 'lookup_secret_confirm').locator('code')
  await codes.first().waitFor()
  await checkAccessibility(page)
  const spare = await codes.first().innerText()
  await page.locator('[name="lookup_secret_confirm"]').click()
  await page.locator('[name="lookup_secret_reveal"]').waitFor()
  await logOut(window)

  await page.goto('/login')
  await submit(page, { identifier: ada.email, password })
  await page.locator('[name="totp_code"]').waitFor()
  await checkAccessibility(page)
  await submit(page, { totp_code: '000000' })
  await page.getByRole('alert').waitFor()
  await submit(page, { totp_code: authenticatorCode(secret) })
  await home(page)
  await logOut(window)

  await page.goto('/login')
  await submit(page, { identifier: ada.email, password })
  await submit(page, { lookup_secret: spare })
  await home(page)
})

/** Waits for the start page of a member. */
async function home(page: Page): Promise<void> {
  await page.waitForURL((url) => url.pathname === '/')
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
}

test('A member whose login is not recent logs in again before the account is deleted', async () => {
  const ada = await Person.join('Ada')
  const joined = Date.now()
  await using window = await ada.open(browser())
  const { page } = window
  const form = page.getByRole('dialog').locator('form')

  // The account is not deleted by a click that was not meant.
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Delete the account' }).click()
  await form.waitFor()
  await checkAccessibility(page)
  await page.keyboard.press('Escape')
  await form.waitFor({ state: 'detached' })

  // For this server, the login was too long ago.
  await stopServer()
  await startServer({ ORY_KRATOS_PRIVILEGED_SESSION_MAX_AGE: '1s' })
  await until('the login is no longer recent', () => Date.now() > joined + 1_000)
  await page.getByRole('button', { name: 'Delete the account' }).click()
  await submit(page, { confirm_email: 'somebody@example.org' })
  await page.getByText('This is not the address of your account.').waitFor()
  await checkAccessibility(page)
  await submit(page, { confirm_email: ada.email.toUpperCase() })
  await page.getByRole('alert').waitFor()
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Log in again' }).click()
  await page.waitForURL('**/login?*')
  await page.locator('[name="password"]').waitFor()
  await checkAccessibility(page)
  await submit(page, { password })
  await page.waitForURL('**/settings*')
  await page.getByRole('button', { name: 'Delete the account' }).waitFor()

  await stopServer()
  await startServer()
  await page.getByRole('button', { name: 'Delete the account' }).click()
  await submit(page, { confirm_email: ada.email })
  await page.getByRole('heading', { name: 'A second home for every cat' }).waitFor()
  await page.goto('/login')
  await submit(page, { identifier: ada.email, password })
  await page.getByRole('alert').waitFor()
})

test('A member with an international domain types it as it is written, to delete the account', async () => {
  const email = newEmail().replace('example.org', 'xn--bcher-kva.example')
  await command('user', 'register', email, '--name', 'Ada')
  await command('user', 'verify', email)
  await using window = await (await Person.logIn('Ada', email, password)).open(browser())
  const { page } = window
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Delete the account' }).click()
  await submit(page, { confirm_email: email.replace('xn--bcher-kva', 'Bücher') })
  await page.getByRole('heading', { name: 'A second home for every cat' }).waitFor()
})
