import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'
import { command } from './harness/server.ts'

const browser = useBrowser()

test('A first visit to the list of cats costs little', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  await ada.addCat('Godard')
  await using window = await bob.open(browser())
  const { page } = window
  const requests: string[] = []
  const sizes = { script: 0, stylesheet: 0 }
  const measured: Promise<void>[] = []
  page.on('requestfinished', (request) => {
    const path = new URL(request.url()).pathname
    const kind = request.resourceType()
    // The cats of other tests may have photos. Assets have a hash in their names, and are fetched once.
    if (path.startsWith('/photos/')) return
    if (!/^\/assets\/.*-[A-Za-z0-9_-]{8}\.(js|css|svg|woff2)$/.test(path)) requests.push(`${request.method()} ${path}`)
    else if (kind === 'script' || kind === 'stylesheet') {
      measured.push(request.sizes().then((size) => void (sizes[kind] += size.responseBodySize)))
    }
  })
  const before = await whoamis()
  await page.goto('/cats')
  await page.locator('a[href^="/cats/"]').first().waitFor()
  await window.quiet()
  await Promise.all(measured)

  assert.deepEqual(requests.sort(), ['GET /cats', 'POST /graphql'])
  assert.equal((await whoamis()) - before, 1, 'the server asks Kratos once who it is')
  assert(sizes.script > 0 && sizes.script <= 153_600, `${sizes.script} bytes of script, compressed`)
  assert(sizes.stylesheet > 0 && sizes.stylesheet <= 20_000, `${sizes.stylesheet} bytes of styles, compressed`)
})

/** Returns how often the server has asked Kratos about a session. */
async function whoamis(): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${process.env['INTERNAL_PORT']}/metrics`)).text()
  return Number(/^catfoster_session_cache_misses_total (\d+)$/m.exec(metrics)![1])
}

test('Every page is accessible and fits into 320 pixels', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await bob.ask(cat, day(10), day(14))
  const me = await ada.graphql<{ me: { id: string } }>(operations.me)
  const sara = await Person.join('Sara')
  await command('admin', 'grant', sara.email, '--super')
  await bob.graphql(operations.report, { id: cat })

  for (const [visitor, paths] of [
    [undefined, ['/', '/login', '/registration', '/recovery', '/verification', '/error', '/nothing']],
    [
      ada,
      ['/', '/cats', '/cats/new', `/cats/${cat}`, `/cats/${cat}/edit`, `/cats/${cat}/care`, `/cats/${cat}/care/edit`, '/fosterings', '/requests', `/people/${me.me.id}`, '/profile', '/settings', '/nothing'],
    ],
    [sara, ['/moderation', `/people/${me.me.id}`]],
    [bob, [`/cats/${cat}`, '/fosterings', '/cats?search=nothing-is-called-like-this']],
  ] as const) {
    for (const width of [320, 1280]) {
      const options = { viewport: { width, height: 800 } }
      await using window = await (visitor ? visitor.open(browser(), options) : Window.open(browser(), options))
      const { page } = window
      for (const path of paths) {
        const response = await page.goto(path)
        assert.equal(response!.status(), path === '/nothing' ? 404 : 200, path)
        await page.locator('h1').first().waitFor()
        await page.locator('[data-loading]').first().waitFor({ state: 'detached' })
        await checkAccessibility(page)
        for (const form of await page.locator('form').all()) {
          assert.equal(await form.locator('button[type=submit]').count(), 1, `${path} has a form with none or several buttons that submit it`)
        }
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        assert(overflow <= 0, `${path} is ${overflow} pixels wider than ${width}`)
      }
    }
  }
})

test('Fields and buttons have the names that scripts use', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const [asked, free] = await Promise.all([ada.addCat('Godard'), ada.addCat('Varda')])
  await bob.ask(asked, day(10), day(14))
  const cat = ['name', 'age', 'description']
  for (const [visitor, pages] of [
    [undefined, [['/registration', ['traits.email', 'traits.name', 'password'], []], ['/login', ['identifier', 'password'], []], ['/recovery', ['email'], []]]],
    [ada, [['/cats/new', cat, []], [`/cats/${asked}/edit`, cat, []], [`/cats/${asked}`, [], ['Edit', 'Delete']], ['/requests', [], ['Approve', 'Reject']]]],
    [bob, [[`/cats/${free}`, ['startDate', 'endDate', 'message'], []], ['/fosterings', [], ['Cancel request']]]],
  ] as const) {
    await using window = await (visitor ? visitor.open(browser()) : Window.open(browser()))
    const { page } = window
    for (const [path, fields, buttons] of pages) {
      await page.goto(path)
      for (const name of fields) await page.locator(`main form [name="${name}"]`).waitFor()
      for (const name of buttons) await page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true })).waitFor()
    }
  }
})
