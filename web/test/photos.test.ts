// Photos of cats and members: from a phone to the pages.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { day, logOut, Person } from './harness/person.ts'
import { photoOf, PLANTED } from './harness/photo.ts'
import { password, url } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

const narrow = { viewport: { width: 320, height: 800 } }

const files = (page: Page) => page.locator('input[type=file]')

/** Returns the ids of the photos of a form that have been sent, in order; what is still on its way has none. */
const sent = async (page: Page, name = 'photoIds') =>
  (JSON.parse(await page.locator(`[name="${name}"]`).inputValue()) as { id?: string }[]).map(({ id }) => id)

const allSent = (page: Page, count: number, name?: string) =>
  until(`${count} photos are sent`, async () => {
    const ids = await sent(page, name)
    return ids.length === count && ids.every((id) => id !== undefined)
  })

async function checkFits(page: Page): Promise<void> {
  await checkAccessibility(page)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert(overflow <= 0, `the page is ${overflow} pixels too wide`)
}

/** Puts a small file on the page as the clipboard or a drag does. */
const give = (page: Page, how: 'paste' | 'drop') =>
  page.locator('fieldset', { has: files(page) }).evaluate(async (field, how) => {
    const canvas = new OffscreenCanvas(40, 30)
    canvas.getContext('2d')!.fillRect(0, 0, 40, 30)
    const data = new DataTransfer()
    data.items.add(new File([await canvas.convertToBlob({ type: 'image/png' })], `${how}.png`, { type: 'image/png' }))
    const event = how === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true }) : new DragEvent('drop', { dataTransfer: data, bubbles: true })
    field.dispatchEvent(event)
  }, how)

test('A member adds a cat with photos from a phone, in an order, with words, and nothing of the camera', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser(), narrow)
  const { page, context } = window
  const bodies: Buffer[] = []
  const images: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'image') images.push(request.url())
  })
  await context.route('**/photos', (route) => {
    bodies.push(route.request().postDataBuffer()!)
    return route.continue()
  })
  await page.goto('/cats/new')
  const file = await photoOf(page, 'sofa.jpg')
  await files(page).setInputFiles([file, await photoOf(page, 'window.jpg', 1200, 900)])
  await allSent(page, 2)
  await give(page, 'paste')
  await give(page, 'drop')
  await allSent(page, 4)
  for (const body of bodies) {
    assert(body.length < 1_500_000, `a photo of ${body.length} bytes is sent`)
    assert(!body.includes(PLANTED) && !body.includes('Exif'), 'the notes of the camera are sent')
  }

  // The order by keys: the button goes along with its photo.
  const before = await sent(page)
  await page.getByRole('button', { name: 'Move photo 2 forward' }).focus()
  await page.keyboard.press('Enter')
  assert.deepEqual(await sent(page), [before[1], before[0], before[2], before[3]])
  await page.getByText('The photo is now in place 1 of 4.').waitFor()
  assert.equal(await page.evaluate(() => document.activeElement!.getAttribute('aria-label')), 'Move photo 1 forward')
  await page.keyboard.press('Enter') // There is no place before the first.
  await page.getByRole('button', { name: 'Delete photo 4' }).click()
  await page.getByLabel('What photo 1 shows').fill('At the window')
  await checkFits(page)

  await submit(page, { name: 'Godard', age: '3', description: 'Shy at first.' })
  await page.getByRole('heading', { name: 'Godard' }).waitFor()
  const first = page.getByRole('img', { name: 'At the window' })
  await first.waitFor()
  await until('the photo is shown', () => first.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0))
  const second = page.getByRole('img', { name: 'Godard, photo 2' })
  const [width, height] = [Number(await second.getAttribute('width')), Number(await second.getAttribute('height'))]
  assert(width < height && width === 1920, `${width} × ${height}: the photo lies on its side`)
  assert.match((await second.getAttribute('srcset'))!, / 320w,.* 960w,.* 1920w$/)
  assert.match((await first.evaluate((image) => image.parentElement!.style.backgroundColor)), /^rgb/)
  await checkFits(page)

  // All photos in large, by keys.
  await page.getByRole('button', { name: 'At the window Enlarge' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Godard' })
  await dialog.getByText('Photo 1 of 3: At the window').waitFor()
  await page.keyboard.press('ArrowRight')
  await dialog.getByText('Photo 2 of 3').waitFor()
  await checkAccessibility(page)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.match(await page.evaluate(() => document.activeElement!.textContent!), /Enlarge/)

  await page.goto('/profile')
  await page.getByRole('img', { name: 'At the window' }).waitFor()
  await window.quiet()
  assert.deepEqual(images.filter((image) => !image.startsWith(url) && !image.startsWith('blob:')), [], 'a photo comes from elsewhere')
})

test('What fails is said in the language of the page, and sent again; a form is not sent without it', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser(), { ...narrow, locale: 'de' })
  const { page, context } = window
  await page.goto('/cats/new')
  const small = await photoOf(page, 'sofa.jpg', 400, 300)

  // One of several is no photo.
  await files(page).setInputFiles([small, { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('This is no photo.') }])
  await page.getByText('Das ist kein JPEG, PNG oder WebP.').waitFor()
  await until('the other one is sent', async () => (await sent(page))[0] !== undefined)
  assert.match(await files(page).evaluate((input: HTMLInputElement) => input.validationMessage), /^Ein Foto ist nicht gesendet/)
  await checkFits(page)
  await page.locator('[name="name"]').fill('Godard')
  await page.locator('[name="age"]').fill('3')
  await page.locator('[name="description"]').fill('Am Anfang scheu.')
  await page.locator('main form button[type=submit]').click()
  assert.equal(await page.evaluate(() => (document.activeElement as HTMLInputElement).type), 'file')
  await page.getByRole('button', { name: 'Foto 2 löschen' }).click()
  await allSent(page, 1)

  // The connection is lost, and comes back.
  await context.setOffline(true)
  await files(page).setInputFiles([small])
  await page.getByText(/Nicht gesendet\. .*Bist du online/).waitFor()
  await context.setOffline(false)
  await allSent(page, 2)

  // Too many at once: it says when to try again.
  let refusals = 0
  await context.route('**/photos', async (route) => {
    if (refusals++ > 0) return route.continue()
    await route.fulfill({ status: 429, headers: { 'Retry-After': '40' }, json: { errors: [{ message: 'Too many', extensions: { code: 'RATE_LIMITED' } }] } })
  })
  await files(page).setInputFiles([small])
  await page.getByText(/in 40 Sekunden/).waitFor()
  await checkFits(page)
  await page.getByRole('button', { name: 'Noch einmal versuchen' }).click()
  await allSent(page, 3)
  assert.equal(await page.evaluate(() => document.activeElement!.getAttribute('aria-label')), 'Foto 3 von 3', 'what has the focus')
  await page.locator('main form button[type=submit]').click()
  await page.getByRole('heading', { name: 'Godard' }).waitFor()
  assert.equal(await page.getByRole('button', { name: /^Foto \d zeigen/ }).count(), 3)
})

test('A form that is left while photos are on their way goes on when it is opened again, also after a login', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser(), narrow)
  const { page, context } = window
  await page.goto('/cats/new')
  const small = await photoOf(page, 'sofa.jpg', 400, 300)
  await files(page).setInputFiles([small])
  await allSent(page, 1)
  let held = true
  await context.route('**/photos', (route) => (held ? undefined : route.continue()))
  await files(page).setInputFiles([small])
  await page.locator('[name="name"]').fill('Godard')
  await page.getByRole('progressbar').waitFor()
  await page.getByRole('link', { name: 'Profile' }).first().click()
  await page.getByRole('heading', { name: 'Ada', level: 1 }).waitFor()
  held = false
  await page.goBack()
  await allSent(page, 2)
  assert.equal(await page.locator('[name="name"]').inputValue(), 'Godard')

  {
    await using other = await ada.open(browser())
    await logOut(other)
  }
  await files(page).setInputFiles([small])
  await page.getByRole('button', { name: 'Log in' }).click()
  await submit(page, { identifier: ada.email, password })
  await page.waitForURL('**/cats/new')
  await allSent(page, 3)
  await submit(page, { age: '3', description: 'Shy at first.' })
  await page.getByRole('heading', { name: 'Godard' }).waitFor()
  assert.equal(await page.getByRole('button', { name: /^Show photo/ }).count(), 3)
})

test('A portrait is beside the name of a member', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await using window = await bob.open(browser(), narrow)
  const { page } = window
  await page.goto('/profile')
  await page.getByRole('button', { name: 'Edit profile' }).click()
  await files(page).waitFor({ state: 'attached' })
  const small = await photoOf(page, 'me.jpg', 400, 300)
  await files(page).setInputFiles([small])
  await allSent(page, 1, 'photoId')
  await files(page).setInputFiles([small]) // Another one takes its place.
  await allSent(page, 1, 'photoId')
  await checkFits(page)
  await page.getByRole('button', { name: 'Save' }).click()
  const portrait = (page: Page) => page.locator('main img[src*="/photos/"]').first()
  const isShown = (page: Page) => until('the portrait is shown', () => portrait(page).evaluate((image: HTMLImageElement) => image.naturalWidth > 0))
  await portrait(page).waitFor()
  await isShown(page)

  await bob.ask(cat, day(10), day(14))
  await using other = await ada.open(browser(), narrow)
  await other.page.goto('/requests')
  await portrait(other.page).waitFor()
  await isShown(other.page)
  await checkFits(other.page)

  await page.getByRole('button', { name: 'Edit profile' }).click()
  await page.getByRole('button', { name: 'Delete photo 1' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await portrait(page).waitFor({ state: 'detached' })
})
