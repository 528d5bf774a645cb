// A tab of one member, after another has signed in or out in the same browser.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Locator, Page } from 'playwright-core'

import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { authenticatorCode, formWith, submit } from './harness/form.ts'
import { codeFrom } from './harness/mail.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'
import { command, password, startServer, stopServer } from './harness/server.ts'
import { until } from './harness/until.ts'

let ada: Person, bob: Person, cleo: Person
let adasCat: string, cleosCat: string, freeCat: string, cleosId: string

const browser = useBrowser({}, async () => {
  ;[ada, bob, cleo] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Cleo')])
  // Both may do everything, so that nothing but the page's member is in the way.
  for (const { email } of [ada, bob]) await command('admin', 'grant', email, '--super')
  cleosId = (await cleo.graphql<{ me: { id: string } }>(operations.me)).me.id
  ;[adasCat, cleosCat, freeCat] = await Promise.all([ada.addCat('Godard'), cleo.addCat('Murka'), cleo.addCat('Bresson')])
  const [, , active] = await Promise.all([
    ada.ask(cleosCat, day(10), day(14), 'From Ada.'),
    cleo.ask(adasCat, day(10), day(14), 'From Cleo.'),
    ada.addCat('Kes').then((cat) => cleo.ask(cat, day(0), day(3))),
  ])
  await ada.graphql(operations.approve, { id: active })
  await stopServer()
  await startServer() // It begins what is due.
  await until('a fostering is active', async () => (await ada.graphql<{ fosterings: { totalCount: number } }>(operations.countActive)).fosterings.totalCount === 1)
})

const noticeOf = (page: Page): Locator => page.locator('dialog[data-code="VIEWER_CHANGED"]')

/** Waits until the page says that Bob is signed in, and shows nothing of Ada's. */
async function bobsTurn(page: Page): Promise<void> {
  await noticeOf(page).getByRole('heading', { name: 'Bob is signed in now' }).waitFor()
  assert.equal(await page.locator('main').isVisible(), false, 'the page of Ada is still shown')
}

const button = (page: Page, name: string) => page.getByRole('button', { name }).first()

/**
 * What is sent, the page of Ada that sends it, what she does before Bob signs in, and what she does then. A page that has not heard yet
 * that she is signed in is Bob's from the start.
 */
const sent: [string, () => string, (page: Page) => Promise<unknown>, (page: Page) => Promise<unknown>][] = [
  ['a cat', () => '/cats/new', (page) => page.locator('[name="name"]').fill('Vigo'), (page) => submit(page, { name: 'Vigo', age: '3', description: 'Shy at first.' })],
  ['a change of a cat', () => `/cats/${adasCat}/edit`, (page) => page.locator('[name="name"]').waitFor(), (page) => submit(page, { name: 'Vigo' })],
  ['the end of a cat', () => `/cats/${adasCat}`, (page) => button(page, 'Delete').click(), (page) => page.getByRole('dialog').locator('[type=submit]').click()],
  ['a request', () => `/cats/${freeCat}`, (page) => page.locator('[name="startDate"]').waitFor(), (page) => submit(page, { startDate: day(10), endDate: day(14) })],
  ['a change of a request', () => '/fosterings', (page) => button(page, 'Edit').click(), (page) => submit(page, { message: 'Instead.' })],
  ['the end of a request', () => '/fosterings', (page) => button(page, 'Cancel request').click(), (page) => page.getByRole('dialog').locator('[type=submit]').click()],
  ['an approval', () => '/requests', (page) => button(page, 'Approve').waitFor(), (page) => button(page, 'Approve').click()],
  ['a rejection', () => '/requests', (page) => button(page, 'Reject').click(), (page) => submit(page, { reason: 'No dogs.' })],
  ['an end of a fostering', () => '/requests?part=promised', (page) => button(page, 'The cat is back').click(), (page) => submit(page, { reason: 'She is back early.' })],
  ['a profile', () => '/profile', (page) => button(page, 'Edit profile').click(), (page) => submit(page, { bio: 'Cats first.', location: 'Berlin' })],
  ['an admin', () => '/people/' + cleosId, (page) => button(page, 'Make an admin').click(), (page) => page.getByRole('dialog').locator('[type=submit]').click()],
  ['another page', () => '/cats', (page) => button(page, 'Menu of').waitFor(), (page) => page.locator('a[href="/profile"]').first().click()],
  ['a search', () => '/cats', (page) => button(page, 'Menu of').waitFor(), (page) => page.locator('[name="search"]').fill('Murka')],
  ['the end of the account', () => '/settings', (page) => button(page, 'Delete the account').click(), (page) => submit(page, { confirm_email: ada.email })],
  ['a new password', () => '/settings', (page) => formWith(page, 'password').waitFor(), (page) => submit(page, { password: 'ada-has-no-cat-8' })],
  ['a name', () => '/settings', (page) => formWith(page, 'traits.name').waitFor(), (page) => submit(page, { 'traits.name': 'Ada Lovelace' })],
  ['an address', () => '/settings', (page) => formWith(page, 'traits.email').waitFor(), (page) => submit(page, { 'traits.email': `new-${ada.email}` })],
  [
    'an authenticator app', () => '/settings', (page) => formWith(page, 'totp_code').waitFor(),
    async (page) => submit(page, { totp_code: authenticatorCode(await formWith(page, 'totp_code').locator('code').innerText()) }),
  ],
  [
    'a form that begins anew', () => '/settings', (page) => formWith(page, 'password').waitFor(),
    async (page) => {
      await page.context().clearCookies({ name: /csrf/ })
      await submit(page, { password: 'ada-has-no-cat-8' })
    },
  ],
  ['a login again', () => '/login?refresh=true', (page) => page.locator('[name="password"]').waitFor(), (page) => submit(page, { password })],
  ['a logout', () => '/', (page) => button(page, 'Menu of').click(), (page) => button(page, 'Log out').click()],
  ['a logout for another account', () => '/login?refresh=true', (page) => page.locator('[name="password"]').waitFor(), (page) => button(page, 'Log in with another account').click()],
]

for (const [what, path, prepare, send] of sent) {
  test(`A tab of Ada sends ${what} after Bob has signed in: nothing happens to Bob`, async () => {
    const account = await bob.graphql(operations.account)
    await using window = await ada.open(browser())
    const { page } = window
    await page.goto(path())
    await prepare(page)
    await bob.enter(window)
    await send(page)
    await bobsTurn(page)
    assert.deepEqual(await bob.graphql(operations.account), account)
    // Bob goes on where he is, with his password and his session.
    await Person.logIn('Bob', bob.email, password)
    await button(page, 'Go on as Bob').click()
    await noticeOf(page).waitFor({ state: 'detached' })
    assert.equal(await bob.codeOf(operations.me), undefined)
  })
}

test('A tab in which Ada sets a password after a recovery does not set that of Bob', async () => {
  const eve = await Person.join('Eve')
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/recovery')
  await submit(page, { email: eve.email })
  await submit(page, { code: await codeFrom(eve.email, 'Recover') })
  await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
  await bob.enter(window)
  await page.context().clearCookies({ name: /csrf/ })
  await submit(page, { password: 'eve-has-no-cat-8' })
  await bobsTurn(page)
  await Person.logIn('Bob', bob.email, password)
})

/** Logs in by the form, in another tab of a window. */
async function logInElsewhere({ context }: Window, person: Person): Promise<Page> {
  const page = await context.newPage()
  await page.goto('/')
  const menu = button(page, 'Menu of')
  await menu.or(page.getByRole('heading', { name: 'A second home for every cat' })).waitFor()
  if (await menu.isVisible()) {
    await menu.click()
    await button(page, 'Log out').click()
    await page.getByRole('heading', { name: 'A second home for every cat' }).waitFor()
  }
  await page.goto('/login')
  await submit(page, { identifier: person.email, password })
  await page.getByRole('heading', { name: `Hello, ${person.name}` }).waitFor()
  return page
}

test('Tabs hear of logins and logouts, and what Ada has typed is shown to her alone', async () => {
  await using window = await ada.openAnew(browser())
  const { page } = window
  await page.goto('/cats/new')
  const name = page.locator('[name="name"]')
  await name.fill('Vigo')
  await page.locator('[name="description"]').fill('Shy at first.')

  await logInElsewhere(window, bob)
  await bobsTurn(page)
  await checkAccessibility(page)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await bobsTurn(page)

  // Ada comes back, and finds the page as it was.
  await logInElsewhere(window, ada)
  await name.waitFor()
  assert.equal(await name.inputValue(), 'Vigo')

  // Bob goes on in her tab, and finds nothing of hers.
  await logInElsewhere(window, bob)
  await button(page, 'Go on as Bob').click()
  await name.waitFor()
  assert.equal(await name.inputValue(), '')
  await name.fill('Tati')

  // Ada logs in here. Her draft is still there, and Bob's is his.
  await logInElsewhere(window, ada)
  await noticeOf(page).getByRole('heading', { name: 'Ada is signed in now' }).waitFor()
  await button(page, 'Go on as Ada').click()
  await name.waitFor()
  assert.equal(await name.inputValue(), 'Vigo')
  assert.equal(await page.locator('[name="description"]').inputValue(), 'Shy at first.')
})

test('A tab of Ada shows nothing after she has logged out in another one', async () => {
  await using window = await ada.openAnew(browser())
  const { page } = window
  await page.goto('/profile')
  await button(page, 'Edit profile').click()
  await page.locator('[name="bio"]').fill('Cats first.')
  const other = await window.context.newPage()
  await other.goto('/')
  await button(other, 'Menu of').click()
  await button(other, 'Log out').click()
  await noticeOf(page).getByRole('heading', { name: 'You are logged out' }).waitFor()
  assert.equal(await page.getByRole('heading', { name: 'Ada' }).isVisible(), false)
  await checkAccessibility(page)
  await button(page, 'Log in').click()
  await submit(page, { identifier: ada.email, password })
  await page.waitForURL('**/profile')
  await button(page, 'Edit profile').click()
  assert.equal(await page.locator('[name="bio"]').inputValue(), 'Cats first.')
})

test('A page that the browser shows again asks whose it is', async () => {
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/profile')
  await button(page, 'Edit profile').waitFor()
  await bob.enter(window)
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  await bobsTurn(page)
  await ada.enter(window)
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  await button(page, 'Edit profile').waitFor()
})

test('A visitor who logs in as Ada, after Bob has signed in elsewhere, does not go on as Bob unasked', async () => {
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/login?return_to=/profile')
  await page.locator('[name="identifier"]').waitFor()
  await logInElsewhere(window, bob)
  await submit(page, { identifier: ada.email, password })
  await bobsTurn(page)
  await checkAccessibility(page)
  await button(page, 'Go on as Bob').click()
  await page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor()
})

test('A visitor who logs in as Bob, after he has signed in elsewhere, goes on', async () => {
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/login?return_to=/profile')
  await page.locator('[name="identifier"]').waitFor()
  await logInElsewhere(window, bob)
  await submit(page, { identifier: bob.email.toUpperCase(), password })
  await page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor()
})

test('The settings of Ada are not shown if Bob signs in while they are on their way', async () => {
  await using window = await ada.open(browser())
  const { page } = window
  await page.route('**/self-service/settings/browser*', async (route) => {
    const response = await route.fetch()
    await bob.enter(window)
    await route.fulfill({ response })
  })
  await page.goto('/settings')
  await bobsTurn(page)
})

test('A page that cannot find out whose it is shows no form', async () => {
  await using window = await ada.open(browser())
  const { page } = window
  await page.route('**/graphql', (route) => route.abort())
  await page.goto('/login?refresh=true')
  await page.locator('[data-code="UNAVAILABLE"]').waitFor()
  assert.equal(await page.locator('[name="password"]').count(), 0, 'the form is shown')
  await page.unroute('**/graphql')
  await button(page, 'Try again').click()
  await submit(page, { password })
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
})

test('A tab of a member who lacks only the second factor leads to it', async () => {
  const eve = await Person.join('Eve')
  await using window = await eve.open(browser())
  const { page } = window
  await page.goto('/settings')
  await formWith(page, 'totp_code').waitFor()
  const secret = await formWith(page, 'totp_code').locator('code').innerText()
  await submit(page, { totp_code: authenticatorCode(secret) })
  await page.locator('[name="totp_unlink"]').waitFor()
  // She logs in anew in another tab, and has not taken the second step yet.
  await window.context.clearCookies({ name: 'ory_kratos_session' })
  const other = await window.context.newPage()
  await other.goto('/login')
  await submit(other, { identifier: eve.email, password })
  await other.locator('[name="totp_code"]').waitFor()
  await submit(page, { password: 'eve-has-no-cat-8' })
  await noticeOf(page).getByRole('heading', { name: 'One more step' }).waitFor()
  await checkAccessibility(page)
  await button(page, 'Continue').click()
  await submit(page, { totp_code: authenticatorCode(secret) })
  await page.waitForURL('**/settings*')
  await page.locator('[name="totp_unlink"]').waitFor()
})
