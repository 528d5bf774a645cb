// Signing up and logging in where something is not as usual: another window, no cookies, an address that is taken or typed otherwise.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { formWith, submit } from './harness/form.ts'
import { ageLogins, deactivate } from './harness/kratos.ts'
import { codeFrom } from './harness/mail.ts'
import { logOut, newEmail, Person } from './harness/person.ts'
import { command, password } from './harness/server.ts'

const browser = useBrowser()

const arrives = (page: Page, path: string) => page.waitForURL((url) => url.pathname === path)

/** Signs up on the pages, as far as the code. */
async function signUp(page: Page, email: string, path = '/registration'): Promise<void> {
  await page.goto(path)
  await submit(page, { 'traits.email': email, 'traits.name': 'Ada', password })
  await page.locator('[name="code"]').waitFor()
}

test('The code of a sign-up ends logged in, where the visitor wanted to go, and stores no password', async () => {
  const email = newEmail()
  await using window = await Window.open(browser())
  const { page } = window
  await signUp(page, email, '/registration?return_to=/profile')
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]))
  assert(!stored.includes(password), `the password is in the browser's storage: ${stored}`)
  assert(stored.includes(email))
  await submit(page, { code: await codeFrom(email, 'verify') })
  await arrives(page, '/profile')
  await page.getByRole('heading', { name: 'Ada', exact: true }).waitFor()
})

test('After a reload the code leads to a login that knows the address', async () => {
  const email = newEmail()
  await using window = await Window.open(browser())
  const { page } = window
  await signUp(page, email, '/registration?return_to=/profile')
  await page.reload()
  await page.getByText(email).waitFor()
  await submit(page, { code: await codeFrom(email, 'verify') })
  await page.getByRole('link', { name: 'Continue' }).click()
  await page.locator('[name="identifier"]').waitFor()
  assert.equal(await page.locator('[name="identifier"]').inputValue(), email)
  await submit(page, { password })
  await arrives(page, '/profile')
})

test('A wrong address is corrected from the page that waits for its code', async () => {
  const wrong = newEmail()
  const right = newEmail()
  await using window = await Window.open(browser())
  const { page } = window
  await signUp(page, wrong)
  await page.getByText(wrong).waitFor()
  await page.getByRole('link', { name: 'Wrong address?' }).click()
  await page.locator('[name="traits.email"]').waitFor()
  assert.equal(await page.locator('[name="traits.email"]').inputValue(), wrong)
  await submit(page, { 'traits.email': right, 'traits.name': 'Ada', password })
  await page.getByText(right).waitFor()
  await submit(page, { code: await codeFrom(right, 'verify') })
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
  await logOut(window)

  for (const kind of ['recovery', 'verification']) {
    await page.goto(`/${kind}`)
    await submit(page, { email: wrong })
    await page.getByRole('link', { name: 'Wrong address?' }).click()
    await page.locator('input[name="email"]').waitFor()
    assert.equal(await page.locator('input[name="email"]').inputValue(), wrong)
    await submit(page, { email: right })
    await page.getByText(right).waitFor()
  }
})

test('A second tab that logs in after the first goes where it wanted', async () => {
  const ada = await Person.join('Ada')
  await using window = await Window.open(browser())
  const { page: first, context } = window
  const second = await context.newPage()
  await first.goto('/login?return_to=/cats')
  await second.goto('/login?return_to=/profile')
  await second.locator('[name="identifier"]').waitFor()
  await submit(first, { identifier: ada.email, password })
  await arrives(first, '/cats')
  await submit(second, { identifier: ada.email, password })
  await arrives(second, '/profile')
  await second.getByRole('heading', { name: 'Ada', exact: true }).waitFor()
})

test('A deactivated account is told so, and only who knows the password', async () => {
  const ada = await Person.join('Ada')
  await deactivate(ada.email)
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/login')
  await submit(page, { identifier: ada.email, password: 'not-' + password })
  await page.getByText('The email address or the password is not right.').waitFor()
  await submit(page, { identifier: ada.email, password })
  await page.getByRole('heading', { name: 'This account is deactivated' }).waitFor()
  await checkAccessibility(page)

  await page.goto('/recovery')
  await submit(page, { email: ada.email })
  await submit(page, { code: await codeFrom(ada.email, 'Recover') })
  await page.getByRole('heading', { name: 'This account is deactivated' }).waitFor()
})

test('Blocked cookies are named on every form', async () => {
  for (const [path, fields] of [
    ['/login', { identifier: newEmail(), password }],
    ['/registration', { 'traits.email': newEmail(), 'traits.name': 'Ada', password }],
    ['/recovery', { email: newEmail() }],
    ['/verification', { email: newEmail() }],
  ] as const) {
    await using window = await Window.open(browser())
    const { page, context } = window
    await page.route('**/.ory/**', async (route) => {
      await context.clearCookies()
      await route.continue()
    })
    await page.goto(path)
    await submit(page, fields)
    await page.getByRole('heading', { name: 'Your browser blocks cookies' }).waitFor()
    if (path === '/login') await checkAccessibility(page)
  }
})

test('International domains are understood as they are typed, in every field', async () => {
  const name = newEmail().split('@')[0]!
  const ascii = `${name}@xn--bcher-kva.example`
  const typed = `${name.toUpperCase()}@BÜCHER.example`
  await using window = await Window.open(browser())
  const { page } = window
  await signUp(page, typed)
  await submit(page, { code: await codeFrom(ascii, 'verify') })
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
  await logOut(window)
  for (const identifier of [typed, ascii, `${name}@bu\u0308cher.example`]) {
    await page.goto('/login')
    await submit(page, { identifier, password })
    await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
    await logOut(window)
  }
  await page.goto('/recovery')
  await submit(page, { email: typed })
  await submit(page, { code: await codeFrom(ascii, 'Recover') })
  await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
})

test('An address that is taken leads to the login and to a recovery', async () => {
  const ada = await Person.join('Ada')
  for (const [link, field] of [['Log in', 'identifier'], ['Forgot your password?', 'email']] as const) {
    await using window = await Window.open(browser())
    const { page } = window
    await page.goto('/registration')
    await submit(page, { 'traits.email': ada.email, 'traits.name': 'Ada', password })
    await page.getByText('There is an account with this email address already.').waitFor()
    await checkAccessibility(page)
    await page.locator('main').getByRole('link', { name: link }).click()
    await page.locator(`[name="${field}"]`).waitFor()
    assert.equal(await page.locator(`[name="${field}"]`).inputValue(), ada.email)
  }
})

test('Password managers find the address and the kind of password on every page with a password', async () => {
  const ada = await Person.join('Ada')
  const unconfirmed = newEmail()
  await command('user', 'register', unconfirmed, '--name', 'Bob')
  /** Checks the form with a password on a page. */
  async function check(page: Page, email: string, kind: string, username: string): Promise<void> {
    const form = formWith(page, 'password')
    await form.waitFor()
    assert.equal(await form.locator('[name="password"]').getAttribute('autocomplete'), kind, page.url())
    assert.equal(await form.locator(`[autocomplete="${username}"]`).inputValue(), email, page.url())
    await checkAccessibility(page)
  }
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/settings')
  await check(page, ada.email, 'new-password', 'username')
  await ageLogins(ada.email)
  await submit(page, { password: 'a-cat-named-Truffaut-8' })
  await arrives(page, '/login')
  await check(page, ada.email, 'current-password', 'username')

  await using other = await Window.open(browser())
  await other.page.goto('/login')
  await check(other.page, '', 'current-password', 'username')
  await other.page.goto('/registration')
  await check(other.page, '', 'new-password', 'email')
  await other.page.goto('/verification')
  await submit(other.page, { email: unconfirmed })
  await check(other.page, unconfirmed, 'current-password', 'username')
  await other.page.goto('/recovery')
  await submit(other.page, { email: ada.email })
  await submit(other.page, { code: await codeFrom(ada.email, 'Recover') })
  await other.page.getByRole('heading', { name: 'Set a new password' }).waitFor()
  await check(other.page, ada.email, 'new-password', 'username')
})
