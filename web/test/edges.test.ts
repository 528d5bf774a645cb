// The pages at their edges: what goes wrong is seen, and what was typed is there.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { de } from '../src/text/de.ts'
import { en } from '../src/text/en.ts'
import { checkAccessibility, refuse, useBrowser, Window } from './harness/browser.ts'
import { formWith, submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { day, logOut, newEmail, Person } from './harness/person.ts'
import { command, password } from './harness/server.ts'
import { until } from './harness/until.ts'

let ada: Person, bob: Person
let adasCat: string, askedCat: string

const browser = useBrowser({}, async () => {
  ;[ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  ;[adasCat, askedCat] = await Promise.all([ada.addCat('Godard'), ada.addCat('Varda')])
  await bob.ask(askedCat, day(10), day(14), 'From Bob.')
})

const button = (page: Page, name: string) => page.getByRole('button', { name }).first()

/** Lets a page take another day for today. */
const setToday = (page: Page, today: string) =>
  page.route('**/graphql', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: (await response.text()).replaceAll(/"today":"[^"]*"/g, `"today":"${today}"`) })
  })

/** Waits until an alert has the focus, and is in sight as a whole, with nothing above it. */
async function seesAlert(page: Page, what: string): Promise<void> {
  const look = () =>
    page.evaluate(() => {
      const alert = document.activeElement!
      const { top, bottom, left, width } = alert.getBoundingClientRect()
      const above = [top + 2, bottom - 2].map((y) => document.elementFromPoint(left + width / 2, y))
      return { role: alert.role, top, bottom, height: innerHeight, covered: above.some((element) => !alert.contains(element)) }
    })
  let last: Awaited<ReturnType<typeof look>> | undefined
  const seen = async () => {
    last = await look()
    return last.role === 'alert' && last.top >= 0 && last.bottom <= last.height && !last.covered
  }
  await until(() => `the alert is seen after ${what}: ${JSON.stringify(last)}`, seen, 5_000)
}

const cat = { name: 'Vigo', age: '3', description: 'Shy at first.\n'.repeat(30) }

/** Forms, whose they are, their page, and how they are sent so that they fail. */
const failing: [string, () => Person | undefined, () => string, (page: Page) => Promise<unknown>][] = [
  ['a new cat', () => ada, () => '/cats/new', async (page) => { await refuse(page, 'CreateCat'); await submit(page, cat) }],
  ['a changed cat', () => ada, () => `/cats/${adasCat}/edit`, async (page) => { await refuse(page, 'UpdateCat'); await submit(page, cat) }],
  ['a request', () => bob, () => `/cats/${adasCat}`, async (page) => { await refuse(page, 'RequestFostering'); await submit(page, { startDate: day(10), endDate: day(14), message: 'Hello.\n'.repeat(30) }) }],
  ['a changed request', () => bob, () => '/fosterings', async (page) => { await refuse(page, 'UpdateFostering'); await button(page, 'Edit').click(); await submit(page, { message: 'Hello.\n'.repeat(30) }) }],
  ['a cancellation', () => bob, () => '/fosterings', async (page) => { await refuse(page, 'CancelFostering'); await button(page, 'Cancel request').click(); await page.getByRole('dialog').locator('[type=submit]').click() }],
  ['an approval', () => ada, () => '/requests', async (page) => { await refuse(page, 'ApproveFostering'); await button(page, 'Approve').click() }],
  ['a rejection', () => ada, () => '/requests', async (page) => { await refuse(page, 'RejectFostering'); await button(page, 'Reject').click(); await submit(page, { reason: 'No.\n'.repeat(30) }) }],
  ['a profile', () => ada, () => '/profile', async (page) => { await refuse(page, 'UpdateProfile'); await button(page, 'Edit profile').click(); await submit(page, { bio: 'Cats first.\n'.repeat(30) }) }],
  ['the end of the account', () => ada, () => '/settings', async (page) => { await refuse(page, 'DeleteAccount'); await button(page, 'Delete the account').click(); await submit(page, { confirm_email: ada.email }) }],
  ['a taken address', () => undefined, () => '/registration', (page) => submit(page, { 'traits.email': ada.email, 'traits.name': 'Eve', password })],
  ['a wrong password', () => undefined, () => '/login', (page) => submit(page, { identifier: newEmail(), password })],
  ['a wrong code', () => undefined, () => '/recovery', async (page) => { await submit(page, { email: newEmail() }); await submit(page, { code: '123456' }) }],
  ['a form without an answer', () => bob, () => '/settings', async (page) => { await page.route('**/self-service/settings?*', (route) => route.abort()); await submit(page, { 'traits.name': 'Eve' }) }],
]

for (const viewport of [{ width: 1280, height: 720 }, { width: 375, height: 667 }]) {
  test(`An alert about what was sent is seen at ${viewport.width} × ${viewport.height}`, async () => {
    const options = { viewport }
    await using adas = await ada.open(browser(), options)
    await using bobs = await bob.open(browser(), options)
    await using visitors = await Window.open(browser(), options)
    for (const [what, who, path, send] of failing) {
      const { page } = who() === ada ? adas : who() === bob ? bobs : visitors
      await page.unrouteAll()
      await page.goto(path())
      await send(page)
      await seesAlert(page, what)
    }
  })
}

test('Nothing typed is lost by a link, by a reload, or by a login', async () => {
  const cleo = await Person.join('Cleo')
  await using window = await cleo.open(browser())
  const { page } = window
  const values = () => Promise.all(['startDate', 'endDate', 'message'].map((name) => page.locator(`[name="${name}"]`).inputValue()))
  const expected = [day(3), day(5), 'I work from home.'].join()
  let last = ''
  const isThere = (after: string) =>
    until(() => `everything is there after ${after}: ${last}`, async () => (last = (await values()).join()) === expected, 5_000)

  await page.goto('/cats/' + adasCat)
  for (const n of [3, 5]) await page.locator(`[data-day="${day(n)}"]`).click()
  await page.locator('[name="message"]').fill('I work from home.')
  await page.locator('nav a[href="/cats"]').first().click()
  await page.getByRole('heading', { name: 'Cats', exact: true }).waitFor()
  await page.goBack()
  await isThere('a link')
  await page.reload()
  await isThere('a reload')
  {
    await using other = await cleo.open(browser())
    await logOut(other)
  }
  await page.reload()
  await submit(page, { identifier: cleo.email, password })
  await page.waitForURL('**/cats/' + adasCat)
  await isThere('a login')
  await page.locator('form button[type=submit]').click()
  await page.getByText('You have asked for').waitFor()

  // What was sent, or given up, does not come back.
  await page.goto('/fosterings')
  const message = page.locator('[name="message"]')
  for (const [typed, close, kept] of [['By accident.', 'Close', 'By accident.'], ['Given up.', 'Back', 'I work from home.']] as const) {
    await button(page, 'Edit').click()
    await message.fill(typed)
    await page.getByRole('dialog').getByRole('button', { name: close }).click()
    await button(page, 'Edit').click()
    assert.equal(await message.inputValue(), kept, close)
    await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click()
  }
})

test('A draft has what was typed, and nothing else', async () => {
  const cleo = await Person.join('Cleo')
  const own = await cleo.addCat('Godard', { location: 'Lyon' })
  await using window = await cleo.open(browser())
  const { page } = window
  await page.goto(`/cats/${own}/edit`)
  await page.locator('[name="description"]').fill('Brave.')
  await page.locator('nav a[href="/cats"]').first().click()
  await page.goto('/')
  await cleo.graphql(operations.changeCat, { id: own, input: { location: 'Paris' } })
  await page.goto(`/cats/${own}/edit`)
  await page.locator('[name="location"][value="Paris"]').waitFor()
  assert.equal(await page.locator('[name="location"]').inputValue(), 'Paris', 'a draft hides what has changed meanwhile')
  assert.equal(await page.locator('[name="description"]').inputValue(), 'Brave.')
})

test('A form has what was typed from the first moment on', async () => {
  const cleo = await Person.join('Cleo')
  await using window = await cleo.open(browser())
  const { page } = window
  const name = page.locator('[name="name"]')
  await page.goto('/cats/new')
  await name.fill('Vigo')
  // It sees the field before anybody can type into it.
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const field = document.querySelector<HTMLInputElement>('[name="name"]')
      if (!field) return
      observer.disconnect()
      document.documentElement.dataset.first = field.value
    }).observe(document, { childList: true, subtree: true })
  })
  await page.reload()
  await name.waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.dataset.first), 'Vigo')
})

test('Names of properties in the address are ordinary wrong parameters', async () => {
  await using window = await ada.open(browser())
  const { page } = window
  for (const path of ['/cats?order=__proto__', '/cats?order=constructor', '/cats?freeFrom=__proto__&freeUntil=toString', '/fosterings?part=constructor', '/requests?part=__proto__', '/requests?status=toString']) {
    await page.goto(path)
    await page.locator('[data-loading]').first().waitFor({ state: 'detached' })
    await page.getByRole('article').or(page.getByRole('heading', { level: 2 })).first().waitFor()
    assert.equal(await page.getByRole('alert').count(), 0, path)
  }
})

/** Names and texts that are written from right to left. */
const hebrew = { member: 'שרה', other: 'דוד', cat: 'מיצי', place: 'חיפה', text: 'חתול שקט' }

/** Returns the parts of the page with such a name that are not isolated, so that it may reorder what is around it. */
const mixed = (page: Page) =>
  page.evaluate(() => {
    const rightToLeft = /[\u0590-\u08ff]/
    const found: string[] = []
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement!
      if (rightToLeft.test(node.textContent!) && !element.closest('bdi, [dir=auto], script, [aria-hidden=true]')) found.push(element.outerHTML)
    }
    for (const field of document.querySelectorAll<HTMLElement>(':is(main, dialog) :is(input:is([type=text], [type=search], [type=url], :not([type])), textarea):not([aria-hidden], [hidden])')) {
      if (field.dir !== 'auto') found.push(field.outerHTML)
    }
    return found
  })

test('Names and texts that are written from right to left change nothing around them', async () => {
  const [sara, david] = await Promise.all([Person.join(hebrew.member), Person.join(hebrew.other)])
  const profile = { input: { bio: hebrew.text, location: hebrew.place } }
  const [cat, promised] = await Promise.all([1, 2].map(() => sara.addCat(hebrew.cat, { location: hebrew.place, description: hebrew.text, specialCareInstructions: hebrew.text })))
  await Promise.all([sara.graphql(operations.updateProfile, profile), david.graphql(operations.updateProfile, profile)])
  await sara.graphql(operations.approve, { id: await david.ask(promised!, day(2), day(4), hebrew.text) })
  await david.ask(cat!, day(10), day(14), hebrew.text)
  await command('admin', 'grant', sara.email, '--super')
  const { me } = await david.graphql<{ me: { id: string } }>(operations.me)
  for (const [who, pages] of [
    [sara, [['/'], ['/cats'], ['/cats/' + cat], ['/cats/' + cat, 'Delete'], [`/cats/${cat}/edit`], ['/requests'], ['/requests', 'Reject'], ['/requests?part=promised'], ['/people/' + me.id], ['/people/' + me.id, 'Make an admin'], ['/profile', 'Edit profile'], ['/admin'], ['/settings']]],
    [david, [['/'], ['/cats/' + cat], ['/fosterings'], ['/fosterings', 'Edit'], ['/fosterings', 'Cancel request'], ['/fosterings?part=promised']]],
  ] as const) {
    await using window = await who.open(browser())
    const { page } = window
    for (const [path, open] of pages) {
      await page.goto(path)
      await page.locator('main').getByText(/[\u0590-\u05ff]/).or(page.locator('main input')).filter({ visible: true }).first().waitFor()
      if (open) await button(page, open).click()
      assert.deepEqual(await mixed(page), [], `${path} ${open ?? ''}`)
    }
  }
  // The date comes after the name, in its own order.
  await using window = await sara.open(browser())
  await window.page.goto('/requests')
  const period = window.page.locator('article p').filter({ has: window.page.getByRole('link', { name: hebrew.cat }) }).first()
  const order = await period.evaluate((element) => {
    const date = [...element.querySelector('a')!.parentElement!.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && /\d/.test(node.textContent!)).at(-1)!
    const places = [0, date.textContent!.length - 1].map((place) => {
      const range = document.createRange()
      range.setStart(date, place)
      range.setEnd(date, place + 1)
      return range.getBoundingClientRect().left
    })
    return [element.querySelector('a')!.getBoundingClientRect().left, ...places]
  })
  assert.deepEqual(order, order.toSorted((a, b) => a - b), 'the name has changed the order of the date')
})

test('The home page shows what waits for the viewer, and no cats of their own, by one request', async () => {
  const [sara, david] = await Promise.all([Person.join('Sara'), Person.join('David')])
  const promised = await sara.addCat('Promised')
  await sara.graphql(operations.approve, { id: await david.ask(promised, day(2), day(4)) })
  const [asked] = await Promise.all([sara.addCat('Asked'), david.addCat('Davids')])
  await david.ask(asked, day(10), day(14), 'From David.')
  for (const [who, own, waits] of [[sara, 'Asked', 'Waiting for your answer'], [david, 'Davids', 'Your requests']] as const) {
    await using window = await who.open(browser())
    const { page } = window
    let requests = 0
    page.on('request', (request) => void (requests += Number(request.url().endsWith('/graphql'))))
    await page.goto('/')
    const section = (name: string) => page.locator('section').filter({ has: page.getByRole('heading', { name, level: 2 }) })
    await section(waits).getByText('From David.').waitFor()
    await section('Begins soon').getByText('Promised').first().waitFor()
    const cats = await section('New cats that need a home').getByRole('heading', { level: 3 }).allInnerTexts()
    assert.equal(cats.length, 4)
    assert(!cats.includes(own), `${own} is offered to its owner`)
    assert.equal(requests, 1)
    await checkAccessibility(page)

    // The days have passed, and nobody has answered.
    await setToday(page, day(12))
    await page.goto(who === sara ? '/requests' : '/fosterings')
    await page.getByRole('article').filter({ hasText: 'Asked' }).getByText('The first day has passed').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Approve' }).count(), 0, 'what the API refuses is offered')
  }
})

test('A former member has no page', async () => {
  await using window = await ada.open(browser(), { locale: 'de-DE' })
  const { page } = window
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, body: (await response.text()).replaceAll('"Bob"', '"Former member"') })
  })
  await page.goto('/requests')
  const request = page.getByRole('article').filter({ hasText: 'Ehemaliges Mitglied' })
  await request.waitFor()
  assert.equal(await request.locator('a[href^="/people/"]').count(), 0, 'the name is a link')
})

test('A photo that does not load, or that the policy refuses, tells its owner, and nobody else', async () => {
  const photo = (name: string) => `https://photos.example.org/${name}.svg`
  const cats = [await ada.addCat('Kes', { photosUrls: [photo('sofa'), photo('gone'), photo('old')] }), await ada.addCat('Tati', { photosUrls: [photo('old')] })]
  const me = (await ada.graphql<{ me: { id: string } }>(operations.me)).me.id
  for (const [who, told] of [[ada, true], [bob, false]] as const) {
    await using window = await who.open(browser())
    const { page, context } = window
    await context.route('https://photos.example.org/**', (route) =>
      route.request().url() === photo('sofa')
        ? route.fulfill({ contentType: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>' })
        : route.fulfill({ status: 404, body: '' }),
    )
    // As it was stored before the API refused it.
    await page.route('**/graphql', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replaceAll(photo('old'), 'http://photos.example.org/old.svg') })
    })
    const note = (numbers: string) => page.getByText(en.cat.photoFails(numbers))
    await page.goto('/cats/' + cats[0])
    await page.getByRole('img', { name: 'Kes, photo 1' }).waitFor()
    await until('two photos are dropped', async () => (await page.getByRole('button', { name: /^Show photo/ }).count()) === 0)
    assert.equal(await note('2, 3').isVisible(), told)
    await checkAccessibility(page)
    await page.goto(who === ada ? '/profile' : '/people/' + me)
    const card = page.getByRole('article').filter({ hasText: 'Tati' })
    await card.locator('svg').first().waitFor()
    assert.equal(await card.getByText(en.cat.photoFails('1')).isVisible(), told)
  }
})

/** What a page asks for that is no longer anybody's. */
const ended: [string, string, (page: Page) => Promise<unknown>, (page: Page) => Promise<unknown>][] = [
  ['a change', '/profile', (page) => button(page, 'Edit profile').click(), (page) => submit(page, { bio: 'Cats first.' })],
  ['another page', '/profile', (page) => button(page, 'Edit profile').waitFor(), (page) => page.locator('nav a[href="/requests"]').first().click()],
  ['a form of Kratos', '/settings', (page) => formWith(page, 'traits.name').waitFor(), (page) => submit(page, { 'traits.name': 'Countess' })],
]

for (const [what, path, prepare, send] of ended) {
  test(`A page asks for ${what} after its session has ended: it is hidden, and so are the other tabs`, async () => {
    await using window = await ada.open(browser())
    const { page, context } = window
    await page.goto(path)
    await prepare(page)
    const other = await context.newPage()
    await other.goto('/requests')
    await other.getByText('From Bob.').waitFor()
    await context.clearCookies({ name: 'ory_kratos_session' })
    await send(page)
    for (const tab of [page, other]) {
      await tab.getByRole('dialog').getByRole('heading', { name: 'You are logged out' }).waitFor()
      assert.equal(await tab.locator('main').isVisible(), false, 'the page is still shown')
    }
    await page.getByRole('button', { name: 'Log in' }).click()
    await submit(page, { identifier: ada.email, password })
    await page.waitForURL(what === 'another page' ? '**/requests' : `**${path}*`)
  })
}

for (const [locale, text] of [['en-GB', en], ['de-DE', de]] as const) {
  test(`A limit that the API enforces is told as the API tells it (${locale})`, async () => {
    await using window = await bob.open(browser(), { locale })
    const { page } = window
    await page.goto('/cats?search=a+b+c+d+e+f+g+h+i+j+k')
    await page.getByRole('alert').getByRole('heading', { name: text.failure.BAD_USER_INPUT.title }).waitFor()
    await page.getByRole('alert').getByText('search must have at most 10 words').waitFor()

    // Midnight has passed since the page was loaded.
    await setToday(page, day(-2))
    await page.goto('/cats/' + adasCat)
    await submit(page, { startDate: day(-1), endDate: day(1) })
    const field = formWith(page, 'startDate').locator('[name="startDate"][aria-invalid="true"]')
    await field.waitFor()
    const problem = (await field.getAttribute('aria-describedby'))!.split(' ')[0]
    assert.equal(await page.locator(`[id="${problem}"]`).innerText(), 'startDate must not be in the past')
    await checkAccessibility(page)
  })
}
