// Headless Chromium, and what every page must not do.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before } from 'node:test'

import axe from 'axe-core'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

import { startServer, stopServer, url } from './server.ts'

const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)

/** Starts the program and a browser for the tests of a file, and stops both after them. */
export function useBrowser(): () => Browser {
  let browser: Browser | undefined
  before(async () => {
    await startServer()
    browser = await startBrowser()
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

/** A window of one visitor, with cookies of its own. */
export class Window {
  readonly context: BrowserContext
  readonly page: Page
  private readonly problems: string[] = []

  private constructor(context: BrowserContext, page: Page) {
    this.context = context
    this.page = page
    page.on('pageerror', (error) => this.problems.push(`an exception: ${error.message}`))
    page.on('console', (message) => {
      // The console reports the status 401 of an expired session too, which is no fault.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.problems.push(message.text())
    })
    page.on('request', (request) => {
      if (request.resourceType() === 'image') return // Photos may be anywhere.
      if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) this.problems.push(`a request to another origin: ${request.url()}`)
    })
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
    const context = await browser.newContext({
      baseURL: url,
      locale: 'en-GB',
      timezoneId: 'UTC', // As the API, so that both are in the same day.
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 800 },
      ...options,
    })
    context.setDefaultTimeout(15_000)
    return new Window(context, await context.newPage())
  }

  /** Fails if a page has thrown an exception, reported an error, broken its policy, or called another origin. */
  check(): void {
    assert.deepEqual(this.problems.splice(0), [])
  }

  /** Closes the window and checks the pages. A test calls it by `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close()
    this.check()
  }
}

/** Fails if axe-core finds anything that keeps people from using the page, in light and in dark. */
export async function checkAccessibility(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const violations = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run()
      return violations.map((found) => `${found.id}: ${found.help}: ${found.nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' ')}`)
    })
    assert.deepEqual(violations, [], `accessibility of ${page.url()} (${colorScheme})`)
  }
  await page.emulateMedia({ colorScheme: null })
}
