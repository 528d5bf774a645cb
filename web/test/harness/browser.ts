// Headless Chromium, and what every page must not do.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, afterEach, before, type TestContext } from 'node:test'

import axe from 'axe-core'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page, type Request, type Response } from 'playwright-core'

import { de } from '../../src/text/de.ts'
import { messages } from '../../src/text/messages.de.ts'
import { startServer, stopServer, url } from './server.ts'
import { until } from './until.ts'

const executable = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

/** How long a page may take to show something, on a machine that is busy with other things. */
const patience = 45_000

/** How many points a page may cost: a tenth of what a member has after a quiet time. */
const affordable = 12_000

/** What the pages of the running test showed when their windows were closed. */
let shown: string[] = []

/**
 * Starts the program, with other variables if any, and a browser for the tests of a file, and stops both after them. What the
 * tests share is made in between: Node would run other hooks at the same time.
 */
export function useBrowser(variables: Record<string, string> = {}, prepare = async () => {}): () => Browser {
  let browser: Browser | undefined
  before(async () => {
    await startServer(variables)
    browser = await startBrowser()
    await prepare()
  })
  afterEach((context) => {
    if (!(context as TestContext & { passed: boolean }).passed) console.log(`${context.name} has failed. The pages:\n${shown.join('\n')}`)
    shown = []
  })
  after(async () => {
    await browser?.close()
    await stopServer()
  })
  return () => browser!
}

function startBrowser(): Promise<Browser> {
  assert(executable, 'there is no Chromium: install the package chromium')
  return chromium.launch({
    executablePath: executable,
    // No name is looked up: the tests do not leave this machine.
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

const operationOf = (request: Request): string | undefined => request.postDataJSON()?.operationName

/** Lets the API refuse an operation. */
export const refuse = (page: Page, operation: string): Promise<unknown> =>
  page.route('**/graphql', (route) =>
    operationOf(route.request()) === operation
      ? route.fulfill({ json: { data: null, errors: [{ message: 'later', extensions: { code: 'UNAVAILABLE' } }] } })
      : route.fallback(),
  )

/** Holds the next answer to an operation back, once the API has given it: `held` waits for that, and `release` lets the page have it. */
export async function holdBack(page: Page, operation: string): Promise<{ held: Promise<void>; release: () => void }> {
  let [first, hold, release] = [true, () => {}, () => {}]
  const held = new Promise<void>((resolve) => (hold = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/graphql', async (route) => {
    if (!first || operationOf(route.request()) !== operation) return route.fallback()
    first = false
    const response = await route.fetch()
    hold()
    await released
    await route.fulfill({ response })
  })
  return { held, release }
}

/** Waits for the next answer to an operation. */
export const answerTo = (page: Page, operation: string): Promise<Response> =>
  page.waitForResponse((response) => response.url().endsWith('/graphql') && operationOf(response.request()) === operation)

/** What a flow of Kratos says. */
interface Flow {
  ui: { messages?: UiText[]; nodes: { attributes: { name?: string }; meta: { label?: UiText }; messages: UiText[] }[] }
}

interface UiText {
  id: number
  text: string
}

/** Ids of messages that a test has made up. */
const INVENTED = /^\d$/

/** A window of one visitor, with cookies of its own. */
export class Window {
  readonly context: BrowserContext
  readonly page: Page
  private readonly problems: string[] = []
  private readonly checks: Promise<void>[] = []
  private readonly underWay = new Set<Request>()

  private constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    page.on('pageerror', (error) => this.problems.push(`an exception: ${error.message}`))
    page.on('console', (message) => {
      // The console reports the status 401 of an expired session too, which is no fault.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.problems.push(message.text())
    })
    for (const end of ['requestfinished', 'requestfailed'] as const) page.on(end as 'requestfinished', (request) => void this.underWay.delete(request))
    page.on('response', (response) => {
      if (response.url().includes('/self-service/')) this.checks.push(this.checkTranslation(response))
      if (response.url().endsWith('/graphql')) this.checks.push(this.checkCost(response))
    })
    page.on('request', (request) => {
      if (request.resourceType() !== 'eventsource') this.underWay.add(request)
      if (request.resourceType() === 'image') return // Photos may be anywhere.
      if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) this.problems.push(`a request to another origin: ${request.url()}`)
    })
  }

  /** Keeps live events from the pages, as a proxy may. They show what they were when they were loaded. */
  async hearNothing(): Promise<void> {
    await this.context.route(/\/graphql\?query=/, (route) => route.abort())
  }

  /** Waits until half a second has passed without a request. A stream of live events is none: it has no end. */
  async quiet(): Promise<void> {
    let since = Date.now()
    await until('no request is under way', () => {
      if (this.underWay.size > 0) since = Date.now()
      return Date.now() - since > 500
    })
  }

  // German has all that Kratos says: its messages have an id, and the pages translate them by it.
  private async checkTranslation(response: Response): Promise<void> {
    if (!response.headers()['content-type']?.startsWith('application/json')) return
    const { ui } = (await response.json().catch(() => ({}))) as Partial<Flow>
    const labels = ui?.nodes.flatMap(({ attributes, meta, messages }) => [
      ...messages,
      ...(meta.label && !(attributes.name && attributes.name in de.account.fields) ? [meta.label] : []),
    ])
    for (const { id, text } of [...(ui?.messages ?? []), ...(labels ?? [])]) {
      if (!(id in messages) && !INVENTED.test(String(id))) this.problems.push(`a message of Kratos without translation: ${id} ${text}`)
    }
  }

  // Members go back and forth between pages, and pages load again what has changed.
  private async checkCost(response: Response): Promise<void> {
    const { extensions } = (await response.json().catch(() => ({}))) as { extensions?: { cost?: { requested: number } } }
    const points = extensions?.cost?.requested ?? 0
    if (points > affordable) this.problems.push(`a page that costs ${points} points: ${response.request().postData()}`)
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
    const context = await browser.newContext({
      baseURL: url,
      locale: 'en-GB',
      timezoneId: 'Pacific/Kiritimati', // Mostly another day than in the community, which is in UTC.
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    context.setDefaultTimeout(patience)
    return new Window(context, await context.newPage())
  }

  /** Fails if a page has thrown an exception, reported an error, broken its policy, or called another origin. */
  check(): void {
    assert.deepEqual(this.problems.splice(0), [])
  }

  /** Closes the window and checks the pages. A test calls it by `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.checks)
    // What a page asks for until then is on its way through the routes of the test.
    for (const routed of [this.context, ...this.context.pages()]) await routed.unrouteAll({ behavior: 'ignoreErrors' })
    for (const page of this.context.pages()) shown.push(`${page.url()}\n${await page.locator('body').innerText().catch(String)}`)
    await this.context.close()
    this.check()
  }
}

/**
 * Fails if axe-core finds anything that keeps people from using the page, in light and in dark. Of a part of something else, such as
 * a mail in a mail program, only the rules of WCAG count: others want it to be a page.
 */
export async function checkAccessibility(page: Page, is: 'page' | 'part' = 'page'): Promise<void> {
  await page.evaluate(axe.source)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const violations = await page.evaluate(async (is) => {
      // The rule of WCAG 2.2 is off unless one asks for it.
      const rules = { 'target-size': { enabled: true } }
      const only = is === 'part' ? { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } : {}
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run({ rules, ...only })
      return violations.map((found) => `${found.id}: ${found.help}: ${found.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' ')}`)
    }, is)
    assert.deepEqual(violations, [], `accessibility of ${page.url()} (${colorScheme})`)
  }
  await page.emulateMedia({ colorScheme: null })
}
