import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, refuse, useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { day, Person } from './harness/person.ts'

const browser = useBrowser()

test('Two members agree on a fostering', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  await using adas = await ada.open(browser())
  await using bobs = await bob.open(browser())
  const cat = `Godard ${Date.now()}`

  await adas.page.goto('/cats/new')
  await adas.page.locator('[name="name"]').waitFor()
  await checkAccessibility(adas.page)
  await submit(adas.page, { name: cat, age: '3', description: 'Shy at first.' })
  await adas.page.waitForURL(/\/cats\/[0-9a-f-]{36}$/)
  await adas.page.getByRole('heading', { name: cat }).waitFor()
  await checkAccessibility(adas.page)
  const path = new URL(adas.page.url()).pathname

  // Bob finds the cat by its name and asks for it.
  const ask = async () => {
    await bobs.page.goto('/cats')
    await bobs.page.locator('[name="search"]').fill(cat)
    await bobs.page.getByRole('link', { name: cat }).click()
    await bobs.page.waitForURL('**' + path)
    await bobs.page.locator('[name="startDate"]').waitFor()
    await checkAccessibility(bobs.page)
    await submit(bobs.page, { startDate: day(10), endDate: day(14), message: 'I work from home.' })
    await bobs.page.getByText('You have asked for').waitFor()
    await checkAccessibility(bobs.page)
  }
  await ask()

  // Ada sees who asks, and rejects.
  await adas.page.goto('/requests')
  await adas.page.getByText('I work from home.').waitFor()
  await adas.page.getByRole('link', { name: 'Bob' }).waitFor()
  await checkAccessibility(adas.page)
  await adas.page.getByRole('button', { name: 'Reject' }).click()
  await adas.page.locator('[name="reason"]').waitFor()
  await checkAccessibility(adas.page)
  await submit(adas.page, { reason: 'She does not get along with dogs.' })
  await adas.page.getByText('Your reason:').waitFor()
  await bobs.page.goto('/fosterings?part=past')
  await bobs.page.getByText('She does not get along with dogs.').waitFor()
  await checkAccessibility(bobs.page)

  // Bob asks again, and Ada approves. Now both see each other's address.
  await ask()
  await adas.page.goto('/requests')
  await adas.page.getByRole('button', { name: 'Approve' }).click()
  await adas.page.getByText(bob.email).waitFor()
  await checkAccessibility(adas.page)
  await bobs.page.goto('/fosterings?part=promised')
  await bobs.page.getByText(ada.email).waitFor()
  await checkAccessibility(bobs.page)
})

test('Both sides agree on other days, and the owner calls off', async () => {
  const [ada, bob, eve] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Eve')])
  const cat = await ada.addCat('Varda')
  await bob.ask(cat, day(10), day(14))
  await eve.ask(cat, day(13), day(20))

  // Ada approves Bob's request, so that the days of Eve's are taken.
  await using adas = await ada.open(browser())
  await adas.page.goto('/requests')
  await adas.page.getByRole('article').filter({ hasText: 'Bob' }).getByRole('button', { name: 'Approve' }).click()
  await adas.page.getByText(bob.email).waitFor()
  await adas.page.goto('/requests')
  await adas.page.getByText('this request cannot be approved').waitFor()
  const rejectTaken = adas.page.getByRole('button', { name: 'Reject the request whose days are taken' })
  await rejectTaken.click()
  const reason = adas.page.locator('[name="reason"]')
  await reason.fill('Promised already.')
  await checkAccessibility(adas.page)
  // What is typed outlasts a look at the page behind.
  await adas.page.keyboard.press('Escape')
  await rejectTaken.click()
  assert.equal(await reason.inputValue(), 'Promised already.', 'the draft')
  await adas.page.getByRole('dialog').locator('[type=submit]').click()
  await adas.page.getByText('Your reason:').waitFor()

  // Bob proposes other days, and Ada accepts.
  await using bobs = await bob.open(browser())
  await bobs.page.goto('/fosterings?part=promised')
  await bobs.page.getByRole('button', { name: 'Propose other days' }).click()
  await bobs.page.locator('[name="endDate"]').waitFor()
  await checkAccessibility(bobs.page)
  await submit(bobs.page, { endDate: day(16), message: 'Two days more?' })
  await bobs.page.getByText('You propose other days').waitFor()
  await adas.page.goto('/requests?part=promised')
  await adas.page.getByText('Bob proposes other days').waitFor()
  await adas.page.getByText('Two days more?').first().waitFor()
  await checkAccessibility(adas.page)
  await adas.page.getByRole('button', { name: 'Accept' }).click()
  await adas.page.getByText('Bob proposes other days').waitFor({ state: 'detached' })

  // Ada has to call it off, and says why, twice, as the API does not answer at first. Bob reads who it was.
  await adas.page.getByRole('button', { name: 'Call off' }).click()
  await adas.page.locator('[name="reason"]').waitFor()
  await checkAccessibility(adas.page)
  await refuse(adas.page, 'CancelFostering')
  await submit(adas.page, { reason: 'We are not going away.' })
  const question = adas.page.getByRole('dialog')
  await question.getByRole('alert').waitFor()
  assert.equal(await question.locator('[name="reason"]').inputValue(), 'We are not going away.', 'what was typed is lost')
  await adas.page.unrouteAll()
  await question.locator('[type=submit]').click()
  await adas.page.getByText('You called this off.').waitFor()
  await bobs.page.goto('/fosterings?part=past')
  await bobs.page.getByText('Ada called this off.').waitFor()
  await bobs.page.getByText('We are not going away.').waitFor()
  await bobs.page.getByText('What happened').click()
  await bobs.page.getByText('Other days accepted').waitFor()
  await checkAccessibility(bobs.page)
})

test('A member cancels a request and an owner deletes a cat', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Bresson')
  await bob.ask(cat, day(10), day(14))

  await using bobs = await bob.open(browser())
  await bobs.page.goto('/fosterings')
  await bobs.page.getByRole('button', { name: 'Cancel request' }).click()
  await confirm(bobs.page, 'Cancel request')
  await bobs.page.getByRole('button', { name: 'Cancel request' }).waitFor({ state: 'detached' })

  await using adas = await ada.open(browser())
  await adas.page.goto('/cats/' + cat)
  await adas.page.getByRole('button', { name: 'Delete' }).click()
  await confirm(adas.page, 'Delete')
  await adas.page.waitForURL('**/profile')
  await adas.page.goto('/cats/' + cat)
  await adas.page.getByRole('heading', { name: 'Nothing here', level: 1 }).waitFor()

  // What was stays for the other side, without a way to a page that is not there any more.
  await bobs.page.goto('/fosterings?part=past')
  await bobs.page.getByRole('heading', { name: 'Bresson (deleted)' }).waitFor()
  await bobs.page.getByText('Lived with').waitFor()
  assert.equal(await bobs.page.getByRole('link', { name: 'Bresson' }).count(), 0, 'a deleted cat has a link')
  await checkAccessibility(bobs.page)
})

/** Confirms in the dialog that asks whether to go on. */
async function confirm(page: import('playwright-core').Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await checkAccessibility(page)
  await dialog.getByRole('button', { name }).click()
}
