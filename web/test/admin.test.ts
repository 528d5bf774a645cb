import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { Person } from './harness/person.ts'
import { command } from './harness/server.ts'

const browser = useBrowser()

test('A super admin makes a member an admin, who may then change the cats of others', async () => {
  const [ada, bob, cleo] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Cleo')])
  await command('admin', 'grant', ada.email, '--super')
  const cat = await cleo.addCat('Godard')
  const { me } = await bob.graphql<{ me: { id: string } }>(operations.me)

  await using bobs = await bob.open(browser())
  await bobs.page.goto('/cats/' + cat)
  await bobs.page.locator('[name="startDate"]').waitFor()
  assert.equal(await bobs.page.getByRole('button', { name: 'Delete' }).count(), 0, 'what a member may not do is offered')
  await bobs.page.goto('/admin')
  await bobs.page.getByRole('alert').getByText('This page is for moderators.').waitFor()
  await checkAccessibility(bobs.page)

  await using adas = await ada.open(browser())
  await adas.page.goto('/people/' + me.id)
  await adas.page.getByRole('button', { name: 'Make an admin' }).click()
  const question = adas.page.getByRole('dialog', { name: 'Make Bob an admin?' })
  await checkAccessibility(adas.page)
  await question.getByRole('button', { name: 'Back' }).click()
  assert.equal((await bob.graphql<{ me: { isAdmin: boolean } }>(operations.account)).me.isAdmin, false, 'one click has made an admin')
  await adas.page.getByRole('button', { name: 'Make an admin' }).click()
  await question.getByRole('button', { name: 'Make an admin' }).click()
  await adas.page.getByRole('button', { name: 'No longer an admin' }).waitFor()
  await checkAccessibility(adas.page)
  // The list is linked for moderators and admins only, and shown to super admins.
  await bobs.page.goto('/profile')
  await bobs.page.getByRole('link', { name: 'Moderation' }).click()
  await bobs.page.getByRole('heading', { name: 'Moderators' }).waitFor()
  assert.equal(await bobs.page.getByRole('heading', { name: 'Admins' }).count(), 0, 'what only super admins see is shown to an admin')
  await adas.page.reload()
  await adas.page.getByText('Role granted').waitFor()
  await adas.page.goto('/profile')
  await adas.page.getByRole('link', { name: 'Moderation' }).click()
  await adas.page.waitForURL('**/moderation')
  await adas.page.getByText(bob.email).waitFor()
  await checkAccessibility(adas.page)

  await bobs.page.goto(`/cats/${cat}/edit`)
  await bobs.page.locator('[name="description"]').waitFor()
  await checkAccessibility(bobs.page)
  await submit(bobs.page, { name: 'Godard', description: 'Shy, but brave.' })
  await bobs.page.waitForURL('**/cats/' + cat)
  await bobs.page.getByText('Shy, but brave.').waitFor()

  const admin = adas.page.getByRole('listitem').filter({ hasText: bob.email })
  await admin.getByRole('button', { name: 'No longer an admin' }).click()
  await admin.getByRole('button', { name: 'Make an admin' }).waitFor()
  await bobs.page.goto(`/cats/${cat}/edit`)
  await bobs.page.getByRole('heading', { name: 'Not allowed', level: 1 }).waitFor()
  await checkAccessibility(bobs.page)
})
