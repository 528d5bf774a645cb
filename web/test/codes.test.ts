// Codes as people type them, and what may happen to a code before it is entered.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { authenticatorCode, formWith, submit, type } from './harness/form.ts'
import { expireCodes } from './harness/kratos.ts'
import { codeFrom } from './harness/mail.ts'
import { newEmail, Person } from './harness/person.ts'
import { command, password } from './harness/server.ts'

const browser = useBrowser()

const arrives = (page: Page, path: string) => page.waitForURL((url) => url.pathname === path)

const half = (code: string) => code.length / 2
const spellings: Record<string, (code: string) => string> = {
  'with a space': (code) => `${code.slice(0, half(code))} ${code.slice(half(code))}`,
  'with a hyphen between blanks': (code) => ` ${code.slice(0, half(code))} - ${code.slice(half(code))}  `,
  'with no-break spaces': (code) => `\u00a0${code.slice(0, half(code))}\u00a0${code.slice(half(code))}\u200b`,
  'in full-width digits': (code) => code.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
}

/** Enters a code into the only form of the page that takes it. */
async function enter(page: Page, field: string, code: string): Promise<void> {
  await page.locator(`[name="${field}"]`).waitFor()
  await type(page, field, code)
  await formWith(page, field).locator('button[type=submit]').click()
}

for (const [spelling, spell] of Object.entries(spellings)) {
  test(`A code that confirms an address is accepted ${spelling}`, async () => {
    const email = newEmail()
    await command('user', 'register', email, '--name', 'Ada')
    await using window = await Window.open(browser())
    const { page } = window
    await page.goto('/verification?return_to=/profile')
    const signUp = await codeFrom(email, 'verify')
    await submit(page, { email })
    await submit(page, { password })
    await enter(page, 'code', spell(await codeFrom(email, 'verify', signUp)))
    await arrives(page, '/profile')
  })

  test(`A code of a recovery is accepted ${spelling}`, async () => {
    const ada = await Person.join('Ada')
    await using window = await Window.open(browser())
    const { page } = window
    await page.goto('/recovery')
    await submit(page, { email: ada.email })
    await enter(page, 'code', spell(await codeFrom(ada.email, 'Recover')))
    await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
  })
}

test('Codes of an app and recovery codes are accepted in each spelling', async () => {
  const ada = await Person.join('Ada')
  let secret = ''
  let spare: string[] = []
  {
    await using window = await ada.open(browser())
    const { page } = window
    await page.goto('/settings')
    await page.locator('[name="totp_code"]').waitFor()
    secret = await formWith(page, 'totp_code').locator('code').innerText()
    // The code that sets up the app is one too.
    await enter(page, 'totp_code', spellings['with a space']!(authenticatorCode(secret)))
    await page.locator('[name="lookup_secret_regenerate"]').click()
    const codes = formWith(page, 'lookup_secret_confirm').locator('code')
    await codes.first().waitFor()
    spare = await codes.allInnerTexts()
    await page.locator('[name="lookup_secret_confirm"]').click()
    await page.locator('[name="lookup_secret_reveal"]').waitFor()
  }
  const capitals = { 'in capitals': (code: string) => code.toUpperCase() }
  for (const [field, spell, code] of [
    ...Object.values(spellings).map((spell) => ['totp_code', spell, () => authenticatorCode(secret)] as const),
    ...Object.values({ ...spellings, ...capitals }).map((spell, n) => ['lookup_secret', spell, () => spare[n]!] as const),
  ]) {
    await using window = await Window.open(browser())
    const { page } = window
    await page.goto('/login?return_to=/profile')
    await submit(page, { identifier: ada.email, password })
    await enter(page, field, spell(code()))
    await arrives(page, '/profile')
  }
})

test('After too many wrong codes the page says so, keeps the address, and mails another one', async () => {
  await Promise.all((['verification', 'recovery'] as const).map(async (kind) => {
    const email = newEmail()
    await command('user', 'register', email, '--name', 'Ada')
    if (kind === 'recovery') await command('user', 'verify', email)
    await using window = await Window.open(browser())
    const { page } = window
    await page.goto(`/${kind}`)
    const before = kind === 'verification' ? await codeFrom(email, 'verify') : ''
    await submit(page, { email })
    if (kind === 'verification') await submit(page, { password })
    const subject = kind === 'verification' ? 'verify' : 'Recover'
    const first = await codeFrom(email, subject, before)
    const wrong = first === '000000' ? '111111' : '000000'
    for (let n = 0; n < 6; n++) {
      await page.locator('[name="code"]').waitFor()
      await page.getByText(email).waitFor()
      const answered = page.waitForResponse((response) => response.request().method() === 'POST')
      await submit(page, { code: wrong })
      await answered
    }
    await page.getByText('There were too many wrong codes').waitFor()
    await checkAccessibility(page)
    assert.equal(await page.locator('[name="email"]').inputValue(), email)
    await page.getByRole('button', { name: 'Mail me a code' }).click({ timeout: 90_000 }) // A minute after the first one.
    await submit(page, { code: await codeFrom(email, subject, first) })
    if (kind === 'verification') await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
    else await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
  }))
})

test('An expired code is named, and another one comes by one button', async () => {
  await Promise.all((['verification', 'recovery'] as const).map(async (kind) => {
    const email = newEmail()
    await command('user', 'register', email, '--name', 'Ada')
    if (kind === 'recovery') await command('user', 'verify', email)
    await using window = await Window.open(browser(), { locale: 'de-DE' })
    const { page } = window
    await page.goto(`/${kind}`)
    const before = kind === 'verification' ? await codeFrom(email, 'verify') : ''
    await submit(page, { email })
    if (kind === 'verification') await submit(page, { password })
    const subject = kind === 'verification' ? 'CatFoster' : 'Zugang'
    const expired = await codeFrom(email, subject, before)
    await page.locator('[name="code"]').waitFor()
    await expireCodes(kind, page.url())
    await submit(page, { code: expired })
    await page.getByText('Der Code ist vor 1 Minute abgelaufen').waitFor()
    assert.equal(await page.locator('[name="email"]').inputValue(), email)
    await page.getByRole('button', { name: 'Code schicken' }).click({ timeout: 90_000 }) // A minute after the first one.
    await submit(page, { code: await codeFrom(email, subject, expired) })
    if (kind === 'verification') await page.getByRole('heading', { name: 'Hallo, Ada' }).waitFor()
    else await page.getByRole('heading', { name: 'Neues Passwort setzen' }).waitFor()
  }))
})

test('Another code is mailed although a wrong one is still in the field', async () => {
  const email = newEmail()
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/registration')
  await submit(page, { 'traits.email': email, 'traits.name': 'Ada', password })
  const first = await codeFrom(email, 'verify')
  await submit(page, { code: first === '000000' ? '111111' : '000000' })
  await page.getByText('The code is not right').waitFor()
  await page.getByRole('button', { name: 'Mail me another code' }).click()
  await submit(page, { code: await codeFrom(email, 'verify', first) })
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
})

test('A code that was used in another window is a success', async () => {
  const email = newEmail()
  await using window = await Window.open(browser())
  const { page, context } = window
  await page.goto('/registration')
  await submit(page, { 'traits.email': email, 'traits.name': 'Ada', password })
  await page.locator('[name="code"]').waitFor()
  const code = await codeFrom(email, 'verify')
  const other = await context.newPage()
  await other.goto(page.url())
  await submit(other, { code })
  await other.getByRole('heading', { name: 'Your address is confirmed' }).waitFor()
  await submit(page, { code })
  await page.getByRole('heading', { name: 'Hello, Ada' }).waitFor()
})

test('A code of a recovery that was used in another window leads to the new password too', async () => {
  const ada = await Person.join('Ada')
  await using window = await Window.open(browser())
  const { page, context } = window
  await page.goto('/recovery')
  await submit(page, { email: ada.email })
  await page.locator('[name="code"]').waitFor()
  const code = await codeFrom(ada.email, 'Recover')
  const other = await context.newPage()
  await other.goto(page.url())
  await submit(other, { code })
  await other.getByRole('heading', { name: 'Set a new password' }).waitFor()
  await submit(page, { code })
  await page.getByRole('heading', { name: 'Set a new password' }).waitFor()
})
