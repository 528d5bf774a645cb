import assert from 'node:assert/strict'
import { test } from 'node:test'

import { en } from '../src/text/en.ts'
import { de } from '../src/text/de.ts'
import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { newEmail, Person } from './harness/person.ts'
import { password } from './harness/server.ts'

const browser = useBrowser()

/** The characters are written as a person sees them: not at all. */
const invisible = 'Ada\u200b'

for (const [locale, text] of [['en-GB', en.names], ['de-DE', de.names]] as const) {
  test(`A page says in ${locale} what is wrong with a name, beside the field`, async () => {
    const ada = await Person.join('Ada')
    await using visitor = await Window.open(browser(), { locale })
    await visitor.page.goto('/registration')
    await submit(visitor.page, { 'traits.name': invisible, 'traits.email': newEmail(), password })
    await visitor.page.getByText(text.NAME_INVISIBLE_CHARACTER!).waitFor()

    await using window = await ada.open(browser(), { locale })
    const { page } = window
    await page.goto('/settings')
    await submit(page, { 'traits.name': 'FORMER  member' })
    const field = page.locator('[name="traits.name"][aria-invalid="true"]')
    await field.waitFor()
    const problem = (await field.getAttribute('aria-describedby'))!.split(' ')[0]
    assert.equal(await page.locator(`[id="${problem}"]`).innerText(), text.NAME_RESERVED)

    await page.goto('/cats/new')
    await submit(page, { name: 'Mia\u202e', age: '3', description: 'Shy', location: 'Paris' })
    await page.getByText(text.NAME_DIRECTION_CONTROL!).waitFor()
    await submit(page, { name: 'Mia', location: invisible })
    await page.getByText(text.NAME_INVISIBLE_CHARACTER!).waitFor()
    await checkAccessibility(page)
    await submit(page, { location: 'Paris' })
    await page.getByRole('heading', { name: 'Mia' }).waitFor()
  })
}
