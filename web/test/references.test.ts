import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { formWith, submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'
import { startServer, stopServer } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

const phone = { viewport: { width: 320, height: 700 } }

/** Makes Bob foster cats of Ada's until today, and returns the fosterings. */
async function completed(ada: Person, bob: Person, cats: number): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < cats; n++) {
    const id = await bob.ask(await ada.addCat('Godard'), day(0), day(3))
    await ada.graphql(operations.approve, { id })
    ids.push(id)
  }
  await stopServer()
  await startServer() // It begins what is due.
  await until('the fosterings have begun', async () => (await ada.graphql<{ fosterings: { totalCount: number } }>(operations.countActive)).fosterings.totalCount === cats)
  for (const id of ids) await ada.graphql(operations.complete, { id })
  return ids
}

const isWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth)

test('Two members write about each other blind, one of them in German', async () => {
  const [ada, bob, eve] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Eve')])
  const [id, second] = await completed(ada, bob, 2)
  const { me } = await bob.graphql<{ me: { id: string } }>(operations.me)

  // Bob writes. The page says how long he can, and what happens then.
  await using bobs = await bob.open(browser(), { ...phone, locale: 'de' })
  await bobs.page.goto(`/fosterings/${id}`)
  await bobs.page.getByText(/Noch 1[34] Tage\./).waitFor()
  await bobs.page.getByRole('button', { name: 'Referenz schreiben' }).click()
  await bobs.page.getByText('Mindestens 20 Zeichen: Es fehlen 20.').waitFor()
  await checkAccessibility(bobs.page)
  assert.equal(await isWide(bobs.page), false, 'the form is wider than the screen')
  await formWith(bobs.page, 'recommends').locator('[name="recommends"]').selectOption('yes')
  await formWith(bobs.page, 'recommends').locator('[name="text"]').fill('Godard war eine gute Gesellschaft.')
  await bobs.page.getByText('34 von 2000 Zeichen.').waitFor()
  await submit(bobs.page, { privateNote: 'Das Haus war kalt.' })
  await bobs.page.getByText('Godard war eine gute Gesellschaft.').waitFor()
  await bobs.page.getByText('Ada liest sie, wenn beide geschrieben haben, oder ab').waitFor()
  assert.equal(await bobs.page.getByRole('button', { name: 'Referenz schreiben' }).count(), 0, 'a second reference can be written')
  await checkAccessibility(bobs.page)

  // Ada hears of it, reads nothing, and writes too: then she reads.
  await using adas = await ada.open(browser(), phone)
  await adas.page.goto('/notifications')
  await adas.page.getByText('Bob has written a reference about you').click()
  await adas.page.waitForURL(`**/fosterings/${id}`)
  await adas.page.getByRole('button', { name: 'Write a reference' }).waitFor()
  assert.equal(await adas.page.getByText('gute Gesellschaft').count(), 0, 'Ada reads what is hidden')
  await adas.page.getByRole('button', { name: 'Write a reference' }).click()
  await formWith(adas.page, 'recommends').locator('[name="recommends"]').selectOption('no')
  await submit(adas.page, { privateNote: 'He was nice.', text: 'He forgot to close the window.' })
  await adas.page.getByText('gute Gesellschaft').waitFor()
  await adas.page.getByText('He forgot to close the window.').waitFor()
  assert.equal(await adas.page.getByText('Das Haus war kalt.').count(), 0, 'Ada reads the note to moderators')
  await checkAccessibility(adas.page)
  await bobs.page.getByText('He forgot to close the window.').waitFor() // By a live event.

  // Others read it on his page, and see the numbers when he asks for a cat.
  await using eves = await eve.open(browser(), phone)
  await eves.page.goto(`/people/${me.id}`)
  await eves.page.getByText('1 member does not recommend').waitFor()
  await eves.page.getByText('He forgot to close the window.').waitFor()
  await checkAccessibility(eves.page)
  assert.equal(await isWide(eves.page), false, 'the page of a member is wider than the screen')
  await bob.ask(await eve.addCat('Murka'), day(10), day(14))
  await eves.page.goto('/requests')
  await eves.page.getByText('1 member does not recommend').waitFor()

  // The other fostering did not take place: that is for moderators. It is in the list of what is past.
  await adas.page.goto('/requests?part=past')
  await adas.page.getByRole('button', { name: 'Write a reference' }).click()
  const form = formWith(adas.page, 'tookPlace')
  await form.locator('[name="text"]').fill('He came too late.')
  await form.locator('[name="tookPlace"]').selectOption('no')
  assert.equal(await form.locator('[name="text"]').isVisible(), false, 'an opinion is asked for about what did not take place')
  await form.locator('[name="tookPlace"]').selectOption('yes')
  assert.equal(await form.locator('[name="text"]').inputValue(), 'He came too late.', 'what was typed is lost')
  await form.locator('[name="tookPlace"]').selectOption('no')
  await checkAccessibility(adas.page)
  await submit(adas.page, { privateNote: 'Bob never came.' })
  await adas.page.getByText('Thank you. Moderators see it.').waitFor()
  await adas.page.getByText('Did not take place').waitFor()
  await bobs.page.goto(`/fosterings/${second}`)
  await bobs.page.getByRole('button', { name: 'Referenz schreiben' }).waitFor()
  assert.equal(await bobs.page.getByText('Fand nicht statt').count(), 0, 'Bob reads what is for moderators')
})
