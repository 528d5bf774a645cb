// A member blocks another one, who is not told and finds nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { answerTo, checkAccessibility, holdBack, refuse, useBrowser } from './harness/browser.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'

const browser = useBrowser()

const idOf = async (who: Person) => (await who.graphql<{ me: { id: string } }>(operations.me)).me.id

test('A member blocks another one, who then sees nothing, and ends the block in the settings', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await bob.ask(cat, day(10), day(14), 'I work from home.')
  const [adasId, bobsId] = await Promise.all([idOf(ada), idOf(bob)])

  await using adas = await ada.open(browser())
  const { page } = adas
  await page.goto(`/people/${bobsId}`)
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Block Bob?' })
  await dialog.getByText('Nobody is told.').waitFor()
  await checkAccessibility(page)
  await dialog.locator('button[type=submit]').click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('You have blocked this member.').waitFor()
  await page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor()
  await checkAccessibility(page)
  await page.goto('/requests')
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.equal(await page.getByText('I work from home.').count(), 0, 'the request of a blocked member is shown')

  await using bobs = await bob.open(browser())
  for (const path of [`/people/${adasId}`, `/cats/${cat}`]) {
    await bobs.page.goto(path)
    await bobs.page.getByRole('heading', { name: 'Nothing here', level: 1 }).waitFor()
  }
  assert.equal((await bob.graphql<{ user: unknown }>(operations.user, { id: adasId })).user, null)
  assert.equal((await bob.graphql<{ catProfile: unknown }>(operations.cat, { id: cat })).catProfile, null)

  await page.goto('/settings')
  await page.getByRole('button', { name: 'Unblock Bob' }).click()
  await page.getByText('You have blocked nobody.').waitFor()
  await checkAccessibility(page)
  await bobs.page.goto(`/cats/${cat}`)
  await bobs.page.getByRole('heading', { name: 'Godard', level: 1 }).waitFor()
})

test('What is agreed goes on with a block: the foster finds the days, the address and the care plan, and cannot write', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await ada.graphql(operations.carePlan, { id: cat, input: { feeding: 'Twice a day.' } })
  const fostering = await bob.ask(cat, day(10), day(14), 'I work from home.')
  await ada.graphql(operations.approve, { id: fostering })
  await ada.graphql(operations.block, { id: await idOf(bob) })

  await using window = await bob.open(browser())
  const { page } = window
  await page.goto(`/fosterings/${fostering}`)
  await page.getByText('This conversation is closed. You still see each other’s address.').waitFor()
  await page.getByRole('link', { name: ada.email }).first().waitFor()
  assert.equal(await page.getByText('I work from home.').count(), 0, 'a message is shown')
  await checkAccessibility(page)
  await page.getByRole('link', { name: 'Care plan' }).click()
  await page.getByText('Twice a day.').waitFor()
})

test('Who is signed in stays when the API refuses what it is asked after a block', async () => {
  const [cora, dan] = await Promise.all([Person.join('Cora'), Person.join('Dan')])
  await using window = await cora.open(browser())
  const { page } = window
  await window.hearNothing() // A stream that opens late makes the page ask anew, before it is refused.
  await page.goto(`/people/${await idOf(dan)}`)
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  // Both ask for the member: an answer to one of them would be shown instead of the other's failure.
  await refuse(page, 'Person')
  await refuse(page, 'PersonReferences')
  const asked = answerTo(page, 'Person')
  await page.getByRole('dialog').locator('[type=submit]').click()
  await asked
  await page.locator('[data-code=UNAVAILABLE]').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Menu of Cora' }).count(), 1, 'who is signed in is forgotten')
})

test('An answer from before a block does not show what the block hides', async () => {
  const [cora, dan] = await Promise.all([Person.join('Cora'), Person.join('Dan')])
  await using window = await cora.open(browser())
  const { page } = window
  await window.hearNothing()
  const hidden = page.getByRole('heading', { name: 'References', exact: true })
  await page.goto(`/people/${await idOf(dan)}`)
  await hidden.waitFor()
  await page.locator('nav a[href="/cats"]').first().click()
  await page.getByRole('heading', { name: 'Cats', exact: true }).waitFor()
  const before = await holdBack(page, 'Person') // It is asked for again when the page opens.
  await page.goBack()
  await before.held
  await page.getByRole('button', { name: 'Block', exact: true }).click()
  const after = answerTo(page, 'Person')
  await page.getByRole('dialog').locator('[type=submit]').click()
  await after
  await hidden.waitFor({ state: 'detached' })
  before.release()
  await window.quiet()
  assert.equal(await hidden.count(), 0, 'an older answer has replaced a newer one')
  assert.equal(await page.getByRole('button', { name: 'Unblock' }).count(), 1)
})
