import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'

const browser = useBrowser()

test('Two windows approve requests for the same days: one of them learns that it is too late', async () => {
  const [ada, bob, cleo] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Cleo')])
  const cat = await ada.addCat('Godard')
  await bob.ask(cat, day(10), day(14), 'From Bob.')
  await cleo.ask(cat, day(12), day(16), 'From Cleo.')

  await using one = await ada.open(browser())
  await using two = await ada.open(browser())
  await Promise.all([one.page.goto('/requests'), two.page.goto('/requests')])
  const approve = (window: typeof one, message: string) =>
    window.page.locator('article').filter({ hasText: message }).getByRole('button', { name: 'Approve' })
  await Promise.all([approve(one, 'From Bob.').waitFor(), approve(two, 'From Cleo.').waitFor()])
  await Promise.all([approve(one, 'From Bob.').click(), approve(two, 'From Cleo.').click()])

  const losers = []
  for (const window of [one, two]) {
    const conflict = window.page.getByRole('alert')
    await conflict.or(window.page.getByText(/^Approved\. You and/)).first().waitFor()
    if (await conflict.isVisible()) losers.push(window)
  }
  assert.equal(losers.length, 1, 'exactly one window shows a conflict')
  await checkAccessibility(losers[0]!.page)
  const data = await ada.graphql<{ fosterings: { totalCount: number } }>(operations.countApproved)
  assert.equal(data.fosterings.totalCount, 1)
})

test('A member asks for days that were promised meanwhile', async () => {
  const [ada, bob, cleo] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Cleo')])
  const cat = await ada.addCat('Godard')
  await using window = await cleo.open(browser())
  const { page } = window
  await page.goto('/cats/' + cat)
  await page.locator('[name="startDate"]').waitFor()

  const request = await bob.ask(cat, day(10), day(14))
  await ada.graphql(operations.approve, { id: request })

  await submit(page, { startDate: day(12), endDate: day(16), message: 'I work from home.' })
  await page.getByRole('alert').waitFor()
  await checkAccessibility(page)
  assert.equal(await page.locator('[name="message"]').inputValue(), 'I work from home.', 'what was typed is lost')
  // Other days are free.
  await submit(page, { startDate: day(20), endDate: day(22) })
  await page.getByText('You have asked for').waitFor()
})
