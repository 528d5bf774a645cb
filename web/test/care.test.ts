import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'

const browser = useBrowser()

for (const [locale, words] of [
  ['en', { title: 'Care plan', of: 'Care plan for Godard', print: 'Print' }],
  ['de', { title: 'Pflegeplan', of: 'Pflegeplan für Godard', print: 'Drucken' }],
] as const) {
  test(`An owner writes a care plan, which the foster reads once the request is approved (${locale})`, async () => {
    const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
    const cat = await ada.addCat('Godard')
    const request = await bob.ask(cat, day(10), day(14))
    const options = { viewport: { width: 320, height: 700 }, locale }

    await using adas = await ada.open(browser(), options)
    await adas.page.goto(`/cats/${cat}`)
    await adas.page.getByRole('link', { name: words.title }).click()
    await adas.page.getByRole('heading', { name: words.of }).waitFor()
    await checkAccessibility(adas.page)
    await adas.page.goto(`/cats/${cat}/care/edit`)
    await adas.page.locator('[name="feeding"]').waitFor()
    await checkAccessibility(adas.page)
    await adas.page.locator('[name="mayAuthorizeTreatment"]').selectOption('yes')
    await submit(adas.page, { feeding: 'Morgens 80 g.\n\nAbends: طعام رطب', vet: 'Dr. 猫田' })
    await adas.page.getByText('Dr. 猫田').waitFor()

    await using bobs = await bob.open(browser(), options)
    await bobs.page.goto(`/cats/${cat}`)
    await bobs.page.getByRole('heading', { name: 'Godard', level: 1 }).waitFor()
    assert.equal(await bobs.page.getByRole('link', { name: words.title }).count(), 0, 'links to the plan before the approval')
    await ada.graphql(operations.approve, { id: request })
    await bobs.page.reload()
    await bobs.page.getByRole('link', { name: words.title }).click()
    await bobs.page.getByText('Dr. 猫田').waitFor()
    await checkAccessibility(bobs.page)
    assert.ok(await bobs.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than the screen')
    await bobs.page.emulateMedia({ media: 'print' })
    assert.equal(await bobs.page.getByRole('button', { name: words.print }).isVisible(), false, 'a button is printed')
    assert.equal(await bobs.page.locator('header').first().isVisible(), false, 'the bar of the page is printed')
    assert.ok(await bobs.page.getByText('Dr. 猫田').isVisible(), 'the plan is printed')
    if (process.env['SCREENS']) {
      await bobs.page.emulateMedia({ media: 'screen' })
      await bobs.page.screenshot({ path: `${process.env['SCREENS']}/care-${locale}.png`, fullPage: true })
      await adas.page.goto(`/cats/${cat}/care/edit`)
      await adas.page.locator('[name="feeding"]').waitFor()
      await adas.page.screenshot({ path: `${process.env['SCREENS']}/care-edit-${locale}.png`, fullPage: true })
    }
  })
}
