// Makes the pictures of docs/web.md: make screens. The people and cats are those of make seed.
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'

import { useBrowser, Window } from './harness/browser.ts'
import { operations } from './harness/operations.ts'
import { Person } from './harness/person.ts'
import { anyOperation, url } from './harness/server.ts'

const browser = useBrowser(anyOperation)
const root = import.meta.dirname + '/../..'

interface Cat {
  id: string
  name: string
  viewerCanFoster: boolean
  promisedPeriods: unknown[]
}

test('The main pages are shown', async () => {
  await promisify(execFile)('go', ['run', './infra/seed'], { cwd: root, env: { ...process.env, CATFOSTER_API_URL: url } })
  const ada = await Person.logIn('Ada Lindqvist', 'ada.lindqvist@example.org', 'a-sofa-for-every-cat-36')
  // Names that the fonts of any machine can show, and a calendar with something in it.
  const { catProfiles } = await ada.graphql<{ catProfiles: { edges: { node: Cat }[] } }>(operations.listCats)
  const cats = catProfiles.edges.map((edge) => edge.node)
  const cat = `/cats/${cats.find((cat) => cat.viewerCanFoster && cat.promisedPeriods.length > 0 && /^[A-Z][a-z]+$/.test(cat.name))!.id}`

  const wide = { width: 1280, height: 860 }
  const narrow = { width: 390, height: 844 }
  for (const [name, visitor, path, viewport, colorScheme] of [
    ['welcome', undefined, '/', wide, 'light'],
    ['registration-phone', undefined, '/registration', narrow, 'light'],
    ['cats', ada, '/cats?order=name', wide, 'light'],
    ['cats-dark', ada, '/cats?order=name', wide, 'dark'],
    ['cats-phone', ada, '/cats?order=name', narrow, 'light'],
    ['cat', ada, cat, wide, 'light'],
    ['cat-phone-dark', ada, cat, narrow, 'dark'],
    ['requests', ada, '/requests', wide, 'light'],
    ['requests-phone-dark', ada, '/requests', narrow, 'dark'],
    ['playground-dark', ada, '/playground', wide, 'dark'],
  ] as const) {
    const options = { viewport, colorScheme }
    await using window = await (visitor ? visitor.open(browser(), options) : Window.open(browser(), options))
    const { page } = window
    await page.goto(path)
    await window.quiet()
    if (path === '/playground') await page.getByRole('button', { name: 'Execute query' }).click()
    await window.quiet()
    // The photos of the examples are on no server, so the cats that are in sight get drawn.
    await page.waitForFunction(() => [...document.querySelectorAll('main img')].every((photo) => photo.getBoundingClientRect().top > innerHeight + 100))
    await page.screenshot({ path: `${root}/docs/images/${name}.png` })
  }
})
