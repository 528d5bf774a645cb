// What Kratos's forms may ask for, and the ways between them.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { authenticatorCode, formWith, submit } from './harness/form.ts'
import { ageLogins, expireFlow } from './harness/kratos.ts'
import { codeFrom } from './harness/mail.ts'
import { newEmail, Person } from './harness/person.ts'
import { command, password } from './harness/server.ts'
import { PAGES_APART, until } from './harness/until.ts'

const browser = useBrowser()

/** Waits for a page by its path: other addresses may name it as the page to return to. */
const arrives = (page: Page, path: string) => page.waitForURL((url) => url.pathname === path)

const message = (id: number, text: string, type = 'info') => ({ id, text, type })

/** Returns a node of a flow as Kratos describes it. */
function node(group: string, type: string, attributes: Record<string, unknown>, label?: string, ...messages: object[]) {
  return { type, group, messages, meta: label ? { label: message(1, label) } : {}, attributes: { node_type: type, ...attributes } }
}

const input = (type: string, name: string, label: string, more: Record<string, unknown> = {}, ...messages: object[]) =>
  node('password', 'input', { name, type, disabled: false, ...more }, label, ...messages)

test('Every node that Kratos can send is shown, and sent back', async () => {
  await using window = await Window.open(browser())
  const { page } = window
  const id = randomUUID()
  const picture = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='
  const flow = {
    id,
    type: 'browser',
    ui: {
      action: `/.ory/kratos/public/self-service/login?flow=${id}`,
      method: 'POST',
      messages: [message(2, 'A message about the whole form.')],
      nodes: [
        node('default', 'input', { name: 'csrf_token', type: 'hidden', value: 'token', disabled: false }),
        input('text', 'a_text', 'A text', { required: true }, message(3, 'A problem with the text.', 'error')),
        input('password', 'a_password', 'A password'),
        input('number', 'a_number', 'A number', { value: 7 }),
        input('email', 'an_email', 'An address'),
        input('tel', 'a_tel', 'A telephone number'),
        input('url', 'a_url', 'An address of a page'),
        input('date', 'a_date', 'A day', { value: '2026-01-02' }),
        input('datetime-local', 'a_time', 'A time'),
        input('checkbox', 'terms.accepted', 'The rules', { value: false }, message(4, 'A problem with the box.', 'error')),
        input('hidden', 'a_secret', '', { value: 'hidden' }, message(5, 'A problem with what is hidden.', 'error')),
        node('password', 'text', { id: 'a_note', text: message(6, 'A note') }, 'A title of a note'),
        node('password', 'img', { id: 'a_picture', src: picture, width: 32, height: 32 }, 'A picture'),
        node('password', 'a', { id: 'a_link', href: '/recovery', title: message(7, 'A link') }),
        node('password', 'div', { id: 'a_div', data: { 'data-captcha': 'yes' } }),
        node('password', 'script', { id: 'a_script', src: '/.ory/kratos/public/.well-known/ory/webauthn.js', type: 'text/javascript' }),
        input('submit', 'method', 'Send', { value: 'password' }),
        node('password', 'input', { name: 'trigger', type: 'button', disabled: false, onclickTrigger: 'oryWebAuthnLogin' }, 'A key'),
        // One form for each group, and providers that share a name.
        node('oidc', 'input', { name: 'provider', type: 'submit', value: 'one', disabled: false }, 'Provider One'),
        node('oidc', 'input', { name: 'provider', type: 'submit', value: 'two', disabled: false }, 'Provider Two'),
      ],
    },
  }
  const sent: Record<string, unknown>[] = []
  await page.route('**/self-service/login/browser*', (route) => route.fulfill({ json: flow }))
  await page.route('**/self-service/login?flow=*', (route) => {
    sent.push(route.request().postDataJSON() as Record<string, unknown>)
    return route.fulfill({ status: 400, json: flow })
  })
  await page.route('**/webauthn.js', (route) => route.fulfill({ contentType: 'text/javascript', body: "window.oryWebAuthnLogin = () => { document.title = 'the script ran' }" }))
  await page.goto('/login')
  await page.getByText('A message about the whole form.').waitFor()

  for (const type of ['text', 'password', 'number', 'email', 'tel', 'url', 'date', 'datetime-local', 'checkbox', 'hidden'])
    assert(await page.locator(`form input[type="${type}"]`).count(), `there is no field of the type ${type}`)
  for (const label of ['A text', 'A number', 'An address', 'A telephone number', 'An address of a page', 'A day', 'A time', 'The rules'])
    await page.getByLabel(label, { exact: true }).waitFor()
  for (const text of ['A message about the whole form.', 'A problem with what is hidden.', 'A title of a note', 'A note']) await page.getByText(text, { exact: true }).waitFor()
  await page.getByRole('textbox', { name: 'A text' }).and(page.locator('[aria-invalid="true"]')).waitFor()
  for (const field of ['A text', 'The rules']) {
    const described = await page.getByLabel(field, { exact: true }).getAttribute('aria-describedby')
    assert.match(await page.locator(`[id="${described}"]`).innerText(), /^A problem with the/)
  }
  await page.getByRole('img', { name: 'A picture' }).waitFor()
  await page.getByRole('link', { name: 'A link' }).waitFor()
  await page.locator('[data-captcha="yes"]').waitFor({ state: 'attached' })
  assert.equal(await formWith(page, 'a_text').locator('button[type=submit]').count(), 1)
  assert.equal(await formWith(page, 'provider').locator('button[type=submit]').count(), 1)
  await checkAccessibility(page)

  await submit(page, { a_text: 'typed' })
  await page.getByRole('button', { name: 'Provider Two' }).click()
  await page.getByRole('button', { name: 'A key' }).click()
  await page.waitForFunction(() => document.title === 'the script ran')
  assert.deepEqual(sent[0], {
    csrf_token: 'token', a_text: 'typed', a_password: '', a_number: '7', an_email: '', a_tel: '', a_url: '', a_date: '2026-01-02', a_time: '',
    terms: { accepted: false }, a_secret: 'hidden', method: 'password',
  })
  assert.deepEqual(sent[1], { csrf_token: 'token', provider: 'two' })
})

test('A form that has expired starts anew with what was typed', async () => {
  const ada = await Person.join('Ada')
  await using window = await Window.open(browser())
  const { page } = window

  await page.goto('/registration')
  await page.waitForURL('**/registration?flow=*')
  const email = newEmail()
  await formWith(page, 'traits.email').locator('[name="traits.email"]').fill(email)
  await expireFlow('registration', page.url())
  await submit(page, { 'traits.name': 'Bob', password })
  await page.getByText('The form had expired').waitFor()
  assert.equal(await page.locator('[name="traits.email"]').inputValue(), email)
  assert.equal(await page.locator('[name="traits.name"]').inputValue(), 'Bob')
  assert.equal(await page.locator('[name="password"]').inputValue(), password)
  await page.locator('form button[type=submit]').click()
  await page.waitForURL('**/verification?*')

  await page.goto('/login?return_to=/profile')
  await page.waitForURL('**/login?flow=*')
  const expired = page.url()
  await expireFlow('login', expired)
  await submit(page, { identifier: ada.email, password })
  await page.getByText('The form had expired').waitFor()
  await page.locator('form button[type=submit]').click()
  await arrives(page, '/profile')

  // The address of an expired form leads to a new one.
  await using other = await Window.open(browser())
  await other.page.goto(expired)
  await other.page.locator('[name="identifier"]').waitFor()
  assert.notEqual(other.page.url(), expired)
})

test('A member who has not confirmed the address does so at the login, and comes where they wanted to go', async () => {
  const email = newEmail()
  await command('user', 'register', email, '--name', 'Ada')
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/cats')
  await submit(page, { identifier: email, password })
  await page.getByRole('link', { name: 'Confirm your email address' }).click()
  await page.getByRole('heading', { name: 'Confirm your address' }).waitFor()
  await checkAccessibility(page)
  const sent = await codeFrom(email, 'verify')
  await submit(page, { email })
  await submit(page, { code: await codeFrom(email, 'verify', sent) })
  await arrives(page, '/cats')
})

test('Another code can be asked for after a minute, and wrong passwords lead to a pause', async () => {
  const ada = await Person.join('Ada')
  await using window = await Window.open(browser())
  const { page } = window
  await page.clock.install()
  await page.goto('/recovery')
  await submit(page, { email: ada.email })
  await page.locator('[name="code"]').waitFor()
  const again = page.locator('button[name="email"]')
  assert.match(await again.innerText(), /^Another code in \d+ s$/)
  assert.equal(await again.getAttribute('aria-disabled'), 'true')
  await page.reload()
  await page.getByRole('button', { name: /Another code in \d+ s/ }).waitFor()
  await checkAccessibility(page)
  await page.clock.fastForward(61_000)
  await page.getByRole('button', { name: 'Mail me another code' }).waitFor()
  assert.equal(await again.getAttribute('aria-disabled'), null)

  await page.goto('/login')
  for (let n = 0; n < 11; n++) {
    const answered = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().includes('/self-service/login'))
    await submit(page, { identifier: ada.email, password: 'not-' + password })
    assert.equal((await answered).status(), n < 10 ? 400 : 429)
  }
  await page.getByText('Too many wrong passwords or codes. Please try again in 1 minute.').waitFor()
  assert.equal(await page.locator('[name="identifier"]').inputValue(), ada.email)
})

test('A code confirms no sign-up whose password the visitor does not know', async () => {
  const email = newEmail()
  await command('user', 'register', email, '--name', 'Mallory')
  const next = 'a-cat-named-Truffaut-8'
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/verification')
  await submit(page, { email })
  await page.locator('[name="password"]').waitFor()
  assert.equal(await page.locator('[name="code"]').count(), 0)
  await checkAccessibility(page)
  assert.equal(await page.locator('[name="identifier"]').inputValue(), email)
  await submit(page, { password: 'not-' + password })
  await page.getByRole('alert').waitFor()
  assert.equal(await page.locator('[name="code"]').count(), 0)

  // Who has made the account in another browser knows the password.
  await using phone = await Window.open(browser())
  await phone.page.goto('/verification')
  await submit(phone.page, { email })
  await submit(phone.page, { password })
  await phone.page.locator('[name="code"]').waitFor()
  await phone.page.close()

  // The owner of the mailbox sets a password instead, even by way of other pages.
  await page.getByRole('link', { name: 'Set a new password' }).click()
  await submit(page, { email })
  await submit(page, { code: await codeFrom(email, 'Recover') })
  await page.waitForURL('**/settings?*')
  await page.goto('/cats')
  await page.goto('/login?return_to=/cats', { waitUntil: 'commit' }) // The page leads on before it is loaded.
  await page.waitForURL('**/settings?*')
  await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
  await submit(page, { password: next })
  await arrives(page, '/cats')
  await page.getByRole('heading', { name: 'Cats', exact: true }).waitFor()

  for (const [attempt, accepted] of [[password, false], [next, true]] as const) {
    await using other = await Window.open(browser())
    await other.page.goto('/login')
    await submit(other.page, { identifier: email, password: attempt })
    await (accepted ? arrives(other.page, '/') : other.page.getByRole('alert').waitFor())
  }
})

test('A change that needs a recent login is made after it', async () => {
  const ada = await Person.join('Ada')
  const next = 'a-cat-named-Truffaut-8'
  await using phone = await ada.open(browser())
  await phone.page.goto('/cats')
  await phone.page.getByRole('heading', { name: 'Cats', exact: true }).waitFor()
  await using window = await ada.openAnew(browser())
  const { page } = window
  await page.goto('/settings')
  await page.locator('[name="password"]').waitFor()
  await ageLogins(ada.email)
  await submit(page, { password: next })
  await page.waitForURL('**/login?*')
  await page.locator('form button[type=submit]').waitFor()
  await checkAccessibility(page)
  await submit(page, { password })
  await page.waitForURL('**/settings?*')
  await page.getByText('Saved.').waitFor()
  await checkAccessibility(page)

  // The new password has ended the session in the other window, once the API no longer remembers it.
  await until('the other window is logged out', async () => {
    await phone.page.goto('/profile')
    await phone.page.locator('[name="identifier"]').or(phone.page.getByRole('heading', { name: 'Ada' })).waitFor()
    return phone.page.url().includes('/login')
  }, 60_000, PAGES_APART)
  await submit(phone.page, { identifier: ada.email, password: next })
  await arrives(phone.page, '/profile')
})

test('A page asks for the second factor that a session lacks, and comes back', async () => {
  const ada = await Person.join('Ada')
  const secret = await setUpAuthenticator(ada)
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/login')
  await submit(page, { identifier: ada.email, password })
  await page.locator('[name="totp_code"]').waitFor()
  await page.goto('/requests')
  await page.waitForURL('**/login?*')
  await submit(page, { totp_code: authenticatorCode(secret) })
  await arrives(page, '/requests')
  await page.getByRole('heading', { name: 'Requests to me' }).waitFor()

  // Who has a session needs no login.
  await page.goto('/login?return_to=/profile')
  await arrives(page, '/profile')

  await page.goto('/settings')
  await page.locator('[name="totp_unlink"]').click()
  await page.getByRole('button', { name: 'Remove the app' }).click()
  await page.locator('[name="totp_code"]').waitFor()
  await page.getByText('Saved.').waitFor()
})

test('A visitor without the second factor can use another account', async () => {
  const ada = await Person.join('Ada')
  await setUpAuthenticator(ada)
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/login')
  await submit(page, { identifier: ada.email, password })
  await page.getByRole('button', { name: 'Log in with another account' }).click()
  await page.locator('[name="identifier"]').waitFor()
})

test('The page of errors says what Kratos says', async () => {
  await using window = await Window.open(browser())
  const { page } = window
  await page.route('**/self-service/errors?id=*', (route) => route.fulfill({ json: { id: 'e', error: { reason: 'The link is not valid.' } } }))
  await page.goto('/error?id=e')
  await page.getByText('The link is not valid.').waitFor()
  await checkAccessibility(page)
})

/** Sets up an authenticator app and returns its secret. */
async function setUpAuthenticator(person: Person): Promise<string> {
  await using window = await person.open(browser())
  const { page } = window
  await page.goto('/settings')
  await page.locator('[name="totp_code"]').waitFor()
  const secret = await secretOn(page)
  await submit(page, { totp_code: authenticatorCode(secret) })
  await page.locator('[name="totp_unlink"]').waitFor()
  return secret
}

const secretOn = (page: Page) => formWith(page, 'totp_code').locator('code').innerText()
