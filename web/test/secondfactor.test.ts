import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { de } from '../src/text/de.ts'
import { en } from '../src/text/en.ts'
import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { authenticatorCode, formWith, submit } from './harness/form.ts'
import { spendRecoveryCodes } from './harness/kratos.ts'
import { Person } from './harness/person.ts'

const browser = useBrowser()

/** Sets up an authenticator app, and recovery codes if they are wanted, on the page of the settings. */
async function setUp(page: Page, codes: boolean): Promise<void> {
  await page.goto('/settings')
  await page.locator('[name="totp_code"]').waitFor()
  await submit(page, { totp_code: authenticatorCode(await formWith(page, 'totp_code').locator('code').innerText()) })
  await page.locator('[name="totp_unlink"]').waitFor()
  if (!codes) return
  await page.locator('[name="lookup_secret_regenerate"]').click()
  await page.locator('[name="lookup_secret_confirm"]').click()
  await page.locator('[name="lookup_secret_reveal"]').waitFor()
}

for (const [locale, { account: text }] of [['en-GB', en], ['de-DE', de]] as const) {
  test(`Removing the app asks first, and says in ${locale} what remains`, async () => {
    const ada = await Person.join('Ada')
    await using window = await ada.open(browser(), { locale })
    const { page } = window
    await setUp(page, true)
    const dialog = page.getByRole('dialog')
    const { app, codes } = text.removals

    await page.locator('[name="lookup_secret_disable"]').click()
    await dialog.getByText(codes.remains).waitFor()
    await dialog.getByRole('button', { name: codes.submit }).waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    await page.locator('[name="totp_unlink"]').click()
    await dialog.getByText(app.remains).waitFor()
    await checkAccessibility(page)
    await dialog.getByRole('button', { name: app.submit }).click()
    await page.locator('[name="totp_code"]').waitFor()
    await page.getByText(text.leftoverCodes).waitFor()
    await page.locator('[name="lookup_secret_disable"]').click()
    await dialog.getByText(codes.alone).waitFor()
    await dialog.getByRole('button', { name: codes.submit }).click()
    await page.locator('[name="lookup_secret_disable"]').waitFor({ state: 'detached' })

    await setUp(page, false)
    await page.locator('[name="totp_unlink"]').click()
    await dialog.getByText(app.alone).waitFor()
  })
}

test('A member sees how many recovery codes are left, and makes new ones', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  await setUp(page, true)
  await page.getByText('12 recovery codes are left.').waitFor()
  assert.equal(await page.getByText(en.account.fewCodes).count(), 0, 'with all codes nobody is warned')

  await spendRecoveryCodes(ada.email, 2)
  await page.reload()
  await page.getByText('2 recovery codes are left.').waitFor()
  await page.getByText(en.account.fewCodes).waitFor()
  await checkAccessibility(page)
  await page.locator('[name="lookup_secret_regenerate"]').click()
  await page.locator('[name="lookup_secret_confirm"]').click()
  await page.getByText('12 recovery codes are left.').waitFor()
})
