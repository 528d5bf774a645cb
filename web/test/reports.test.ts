// What members report, and what moderators decide.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { Person } from './harness/person.ts'
import { scrollUntil } from './harness/scroll.ts'
import { command } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

test('A member reports a cat, and a moderator deletes it', async () => {
  const [ada, bob, mod] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Mo')])
  await command('admin', 'grant', mod.email)
  const cat = await ada.addCat('Godard', { description: 'Send me money first.' })
  await using bobs = await bob.open(browser())
  await bobs.page.goto('/cats/' + cat)
  await bobs.page.getByRole('button', { name: 'Report' }).click()
  const question = bobs.page.getByRole('dialog', { name: 'What is wrong?' })
  await question.waitFor()
  await checkAccessibility(bobs.page)
  await question.getByLabel('Reason').selectOption('FRAUD')
  await submit(bobs.page, { text: 'She wants money.' })
  await bobs.page.getByText('Thank you. The moderators will look at it.').waitFor()
  await bobs.page.goto('/moderation')
  await bobs.page.getByText('This page is for moderators.').waitFor()

  await using mods = await mod.open(browser())
  await mods.page.goto('/moderation')
  const found = mods.page.getByRole('article').filter({ hasText: 'Send me money first.' })
  await found.getByText('She wants money.').waitFor()
  await checkAccessibility(mods.page)
  // The whole queue is worked by keys.
  await found.getByRole('button', { name: 'Delete it' }).focus()
  await mods.page.keyboard.press('Enter')
  const decision = mods.page.getByRole('dialog', { name: 'Delete it' })
  await decision.waitFor()
  await checkAccessibility(mods.page)
  // What is typed outlasts a look at the page behind.
  await decision.locator('[name="reason"]').fill('No money in advance.')
  await mods.page.keyboard.press('Escape')
  await found.getByRole('button', { name: 'Delete it' }).press('Enter')
  assert.equal(await decision.locator('[name="reason"]').inputValue(), 'No money in advance.', 'the draft')
  await decision.locator('[type=submit]').click()
  await found.waitFor({ state: 'detached' })

  const { me } = await ada.graphql<{ me: { id: string } }>(operations.me)
  await mods.page.goto('/people/' + me.id)
  await mods.page.getByText('A cat: Fraud, or somebody is not who they say they are').waitFor()
  await mods.page.getByText('No money in advance.').waitFor()
  await checkAccessibility(mods.page)

  await using adas = await ada.open(browser())
  await adas.page.goto('/notifications')
  await adas.page.getByText('has deleted your cat').waitFor()
  await adas.page.getByText('No money in advance.').waitFor()
  await checkAccessibility(adas.page)
  await bobs.page.goto('/notifications')
  await bobs.page.getByText('The moderators have looked at what you have reported').waitFor()
  assert.equal(await bobs.page.getByText('No money in advance.').count(), 0, 'a reporter reads what the moderator has decided')
})

test('A moderator decides the first case of a queue of several pages', async () => {
  const [ada, bob, mod] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Mo')])
  await command('admin', 'grant', mod.email, '--moderator')
  for (let n = 0; n < 12; n++) await bob.graphql(operations.report, { id: await ada.addCat(`Cat ${n}`) })
  await using mods = await mod.open(browser())
  const { page } = mods
  await page.goto('/moderation')
  const cases = page.getByRole('article')
  await cases.first().waitFor()
  await scrollUntil(page, 'all cases are there', async () => (await cases.count()) === 12)

  for (const which of [cases.first(), cases.last()]) {
    const count = await cases.count()
    const decided = page.getByRole('article').and(page.locator(`[aria-labelledby="${await which.getAttribute('aria-labelledby')}"]`))
    await which.getByRole('button', { name: 'Nothing is wrong' }).click()
    await submit(page, { reason: 'It is fine.' })
    await decided.waitFor({ state: 'detached' })
    await until('the others are there', async () => (await cases.count()) === count - 1)
  }
})
