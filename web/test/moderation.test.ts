import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { operations } from './harness/operations.ts'
import { Person } from './harness/person.ts'
import { command, password } from './harness/server.ts'

const browser = useBrowser({ COMMUNITY_CONTACT: 'help@catfoster.example' })

test('A moderator suspends a member, who reads why, until a moderator ends it', async () => {
  const [mona, bob] = await Promise.all([Person.join('Mona'), Person.join('Bob')])
  await command('admin', 'grant', mona.email, '--moderator')
  const { me } = await bob.graphql<{ me: { id: string } }>(operations.me)

  await using bobs = await bob.open(browser())
  await bobs.page.goto('/profile')
  await bobs.page.getByRole('button', { name: 'Edit profile' }).waitFor()
  assert.equal(await bobs.page.getByRole('link', { name: 'Moderation' }).count(), 0, 'what a moderator does is offered to a member')
  await bobs.page.goto('/moderation')
  await bobs.page.getByText('This page is for moderators.').waitFor()

  await using monas = await mona.open(browser())
  await monas.page.goto('/profile')
  await monas.page.getByRole('link', { name: 'Moderation' }).click()
  await monas.page.waitForURL('**/moderation')
  await monas.page.getByLabel('Beginning of the name, or whole email address').fill(bob.email)
  await monas.page.getByRole('button', { name: 'Find members' }).click()
  await checkAccessibility(monas.page)
  await monas.page.locator(`main a[href="/people/${me.id}"]`).click()
  await monas.page.waitForURL('**/people/' + me.id)
  await monas.page.getByRole('button', { name: 'Suspend' }).click()
  const question = monas.page.getByRole('dialog', { name: 'Suspend Bob?' })
  await question.getByLabel('Why?').fill('You asked for money.')
  await checkAccessibility(monas.page)
  // What is typed outlasts a look at the page behind.
  await question.getByRole('button', { name: 'Close' }).click()
  await monas.page.getByRole('button', { name: 'Suspend' }).click()
  assert.equal(await question.getByLabel('Why?').inputValue(), 'You asked for money.', 'the draft')
  await question.getByRole('button', { name: 'Suspend' }).click()
  await monas.page.getByRole('button', { name: 'End the suspension' }).waitFor()
  await monas.page.getByText('You asked for money.').waitFor()
  await checkAccessibility(monas.page)

  await bobs.page.goto('/login')
  await bobs.page.locator('[name="identifier"]').fill(bob.email)
  await bobs.page.locator('[name="password"]').fill(password)
  await bobs.page.locator('[name="password"]').press('Enter')
  await bobs.page.getByText('The moderators say: You asked for money. To object, write to help@catfoster.example.').waitFor()
  await checkAccessibility(bobs.page)

  await bobs.page.goto('/suspended')
  await bobs.page.getByText('Those who run this community:').getByRole('link', { name: 'help@catfoster.example' }).waitFor()
  await checkAccessibility(bobs.page)

  await monas.page.getByRole('button', { name: 'End the suspension' }).click()
  await monas.page.getByRole('button', { name: 'Suspend' }).waitFor()
  assert.equal(await monas.page.evaluate(() => document.activeElement!.localName), 'main', 'what has the focus')
})
