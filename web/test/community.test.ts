// What members see of cats and of each other.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'
import { startServer, stopServer } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

const approve = (owner: Person, id: string) => owner.graphql(operations.approve, { id })

test('Photos are loaded late, have a size and say whose they are; a cat whose photo is gone is drawn', async () => {
  const ada = await Person.join('Ada')
  const photo = (name: string) => `https://photos.example.org/${name}.svg`
  const cat = await ada.addCat('Godard', { photosUrls: [photo('window'), photo('sofa'), photo('gone')], specialCareInstructions: 'Insulin at eight.' })
  await using window = await ada.open(browser())
  const { page, context } = window
  await context.route('https://photos.example.org/**', (route) =>
    route.request().url() === photo('gone')
      ? route.fulfill({ status: 404, body: '' })
      : route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><path d="M0 0h4v3z"/></svg>' }),
  )
  await page.goto('/cats/' + cat)
  const large = page.getByRole('img', { name: 'Godard, photo 1', exact: true })
  await large.waitFor()
  const second = page.getByRole('img', { name: 'Godard, photo 2', exact: true })
  for (const [attribute, value] of [['width', '640'], ['height', '480'], ['referrerpolicy', 'no-referrer']] as const)
    assert.equal(await large.getAttribute(attribute), value)
  assert.equal(await large.getAttribute('loading'), 'eager')
  assert.equal(await second.getAttribute('loading'), 'lazy')
  await page.getByText('Insulin at eight.').waitFor()
  // The photo that is gone is not among those to choose from.
  await until('two photos are left', async () => (await page.getByRole('button', { name: /^Show photo/ }).count()) === 2)
  await page.getByRole('button', { name: 'Show photo 2' }).click()
  assert.equal(await second.getAttribute('src'), photo('sofa'))
  await until('the second photo is in sight', () => second.evaluate((photo) => Math.abs(photo.getBoundingClientRect().left - photo.closest('ul')!.getBoundingClientRect().left) < 2))
  assert.equal(await page.getByRole('button', { name: 'Show photo 2' }).getAttribute('aria-pressed'), 'true')
  await checkAccessibility(page)

  const gone = await ada.addCat('Varda', { photosUrls: [photo('gone')] })
  await page.goto('/cats/' + gone)
  await page.locator('article svg[viewBox="0 0 320 240"]').waitFor()
  assert.equal(await page.getByRole('img').count(), 0)
  await page.goto('/profile')
  await page.getByRole('img', { name: 'Godard, photo 1' }).waitFor()
  await checkAccessibility(page)
})

test('A member changes a request, and learns when its days are promised meanwhile', async () => {
  const [ada, bob, cleo] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Cleo')])
  const cat = await ada.addCat('Godard')
  await bob.ask(cat, day(10), day(14), 'I work from home.')
  const promised = await cleo.ask(cat, day(20), day(24))
  await using window = await bob.open(browser())
  const { page } = window
  await page.goto('/fosterings')
  await page.getByRole('button', { name: 'Edit' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change your request for Godard' })
  await dialog.waitFor()
  await checkAccessibility(page)
  assert.equal(await dialog.locator('[name="startDate"]').inputValue(), day(10))

  await approve(ada, promised)
  await submit(page, { startDate: day(21), endDate: day(22), message: 'I have a garden.' })
  await dialog.getByRole('heading', { name: 'Somebody was faster' }).waitFor()
  await checkAccessibility(page)
  await dialog.getByRole('button', { name: 'Load again' }).click()
  await dialog.getByRole('alert').waitFor({ state: 'detached' })
  // Now the calendar knows the promised days.
  await dialog.locator('[name="endDate"][aria-invalid="true"]').waitFor()
  await submit(page, { startDate: day(11), endDate: day(12) })
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('I have a garden.').waitFor()
  const { fosterings } = await bob.graphql<{ fosterings: { edges: { node: object }[] } }>(operations.listRequests)
  assert.deepEqual(fosterings.edges[0]!.node, { startDate: day(11), endDate: day(12), message: 'I have a garden.' })
})

test('An owner judges a request by the profile and the history of who asks', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await using bobs = await bob.open(browser())
  await bobs.page.goto('/profile')
  await bobs.page.getByText('You have no cats here').waitFor()
  await bobs.page.getByRole('button', { name: 'Edit profile' }).click()
  await submit(bobs.page, { bio: 'Two balconies, no dogs.', location: 'Lyon' })
  await bobs.page.getByText('Two balconies, no dogs.').waitFor()
  await checkAccessibility(bobs.page)

  // A fostering that has begun, as the server finds when it starts. The owner ends it.
  await approve(ada, await bob.ask(cat, day(0), day(3)))
  await stopServer()
  await startServer()
  await until('the fostering has begun', async () => {
    const { fosterings } = await ada.graphql<{ fosterings: { totalCount: number } }>(operations.countActive)
    return fosterings.totalCount === 1
  })
  await using adas = await ada.open(browser())
  const { page } = adas
  await page.goto('/requests?part=promised')
  await page.getByText('Under way').waitFor()
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'The cat is back' }).click()
  await page.locator('[name="reason"]').waitFor()
  await checkAccessibility(page)
  await submit(page, { reason: 'She is back early.' })
  await page.getByText('Completed', { exact: true }).waitFor()

  await bob.ask(cat, day(10), day(14))
  await page.goto('/')
  await page.getByRole('heading', { name: 'Waiting for your answer' }).waitFor()
  await page.goto('/requests')
  for (const known of ['1 completed fostering', 'Two balconies, no dogs.', 'Lyon']) await page.getByText(known).first().waitFor()
  await page.getByRole('link', { name: 'Bob' }).click()
  await page.waitForURL('**/people/*')
  await page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor()
  await page.getByRole('listitem').filter({ hasText: 'Godard' }).filter({ hasText: 'Completed' }).waitFor()
  await checkAccessibility(page)
})

test('A cancellation that is refused is taken back, and explained', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  const request = await bob.ask(cat, day(10), day(14))
  await using window = await bob.open(browser())
  const { page } = window
  await page.goto('/fosterings')
  await page.getByRole('button', { name: 'Cancel request' }).click()
  await ada.graphql(operations.reject, { id: request })
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel request' }).click()
  await page.getByRole('heading', { name: 'This has changed meanwhile' }).waitFor()
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Load again' }).click()
  await page.getByText('No open requests').waitFor()
  await page.goto('/fosterings?part=past')
  await page.getByText('Rejected', { exact: true }).waitFor()
})

test('A list shows only cats that are free on all the days that are asked for', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const location = `Place ${Date.now()}`
  const promised = await ada.addCat('Godard', { location })
  await ada.addCat('Varda', { location, available: false })
  await ada.addCat('Akerman', { location })
  await approve(ada, await bob.ask(promised, day(10), day(14)))
  await using window = await bob.open(browser())
  const { page } = window
  const shows = (...expected: string[]) =>
    until(`the list shows ${expected.join()}`, async () => (await page.locator('article h2').allInnerTexts()).join() === expected.join())
  await page.goto('/cats?' + new URLSearchParams({ location, order: 'name' }).toString())
  await shows('Akerman', 'Godard', 'Varda')
  await page.locator('[name="freeFrom"]').fill(day(14))
  await page.getByText('Give the first and the last day.').waitFor()
  await shows('Akerman', 'Godard', 'Varda')
  await page.locator('[name="freeUntil"]').fill(day(16))
  await shows('Akerman', 'Varda')
  await page.locator('[name="available"]').check()
  await shows('Akerman')
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Remove all filters' }).click()
  await page.waitForURL(/\/cats$/)
})

test('Long names and texts fit into the narrowest screen', async () => {
  const name = 'Donaudampfschifffahrtsgesellschaftskapitaensmuetzenkatze-von-und-zu'.slice(0, 64)
  const [ada, bob] = await Promise.all([Person.join(name), Person.join(name)])
  const words = 'Hamburg'.repeat(14).slice(0, 100)
  await bob.graphql(operations.updateProfile, { input: { bio: words.repeat(3), location: words } })
  const cat = await ada.addCat(name, { location: words, description: words.repeat(4), specialCareInstructions: words.repeat(4) })
  const { me } = await bob.graphql<{ me: { id: string } }>(operations.me)
  await bob.ask(cat, day(10), day(14), words.repeat(3))
  for (const [visitor, paths] of [
    [ada, ['/', '/cats', `/cats/${cat}`, `/cats/${cat}/edit`, '/requests', `/people/${me.id}`, '/profile', '/settings']],
    [bob, ['/', `/cats/${cat}`, '/fosterings']],
  ] as const) {
    await using window = await visitor.open(browser(), { viewport: { width: 320, height: 640 }, locale: 'de-DE' })
    const { page } = window
    for (const path of paths) {
      await page.goto(path)
      await page.locator('[data-loading]').first().waitFor({ state: 'detached' })
      await page.locator('h1').first().waitFor()
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert(overflow <= 0, `${path} is ${overflow} pixels too wide`)
      await checkAccessibility(page)
    }
  }
})

