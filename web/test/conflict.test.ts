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

test('An owner approves what the page shows, and nothing else', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  const request = await bob.ask(cat, day(10), day(12), 'Three days.')
  await using window = await ada.open(browser())
  const { page } = window
  await window.hearNothing()
  await page.goto('/requests')
  const approve = page.getByRole('button', { name: 'Approve' })
  await approve.waitFor()

  await bob.graphql(operations.changeRequest, { id: request, input: { endDate: day(300), message: 'Most of a year.' } })
  await approve.click()
  await page.getByRole('alert').getByRole('heading', { name: 'This has changed since you saw it' }).waitFor()
  await page.getByRole('alert').getByText('It now says:').waitFor()
  await page.getByText('Most of a year.').waitFor()
  await checkAccessibility(page)
  const { fosterings } = await ada.graphql<{ fosterings: { totalCount: number } }>(operations.countApproved)
  assert.equal(fosterings.totalCount, 0, 'what the owner had not seen is approved')
  // Now the owner has seen it.
  await approve.click()
  await page.getByText(/^Approved\. You and/).first().waitFor()
})

test('An owner changes a cat that an admin, or another window, has changed meanwhile', async () => {
  const ada = await Person.join('Ada')
  const cat = await ada.addCat('Godard')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto(`/cats/${cat}/edit`)
  await page.locator('[name="name"]').waitFor()

  await ada.graphql(operations.changeCat, { id: cat, input: { location: 'Lyon' } })
  await submit(page, { name: 'Varda' })
  await page.getByRole('heading', { name: 'This has changed since you saw it' }).waitFor()
  await page.locator('[name="location"][value="Lyon"]').waitFor()
  assert.equal(await page.locator('[name="name"]').inputValue(), 'Varda', 'what was typed is lost')
  await submit(page, { name: 'Varda' })
  await page.getByRole('heading', { name: 'Varda' }).waitFor()
  await page.getByText('Lyon').first().waitFor()
})
