// People who have signed up, for tests of something else than signing up.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

import type { Browser, BrowserContextOptions } from 'playwright-core'

import { Window } from './browser.ts'
import { createMember } from './kratos.ts'
import { type Operation, operations } from './operations.ts'
import { password, url } from './server.ts'

const kratos = url + '/.ory/kratos/public/self-service'

interface Answer {
  data: unknown
  errors?: { extensions: { code: string } }[]
}

export class Person {
  readonly name: string
  readonly email: string
  private readonly cookie: { name: string; value: string }

  private constructor(name: string, email: string, cookie: { name: string; value: string }) {
    this.name = name
    this.email = email
    this.cookie = cookie
  }

  /** Makes somebody a member, and logs in. */
  static async join(name: string): Promise<Person> {
    const email = newEmail()
    await createMember(email, name)
    return Person.logIn(name, email, password)
  }

  /** Logs in somebody who has signed up. */
  static async logIn(name: string, email: string, password: string): Promise<Person> {
    return new Person(name, email, await logIn(email, password))
  }

  /** The secret of the session. */
  get session(): string {
    return this.cookie.value
  }

  /** Opens a window in which the person is logged in. */
  async open(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
    const window = await Window.open(browser, options)
    await this.enter(window)
    return window
  }

  /** Makes a window the person's, as a login does of which its pages do not hear. */
  async enter({ context }: Window): Promise<void> {
    await context.addCookies([{ ...this.cookie, url, httpOnly: true, sameSite: 'Lax' }])
  }

  /** Opens a window in which the person has logged in again, with a session of its own. */
  async openAnew(browser: Browser): Promise<Window> {
    const again = await Person.logIn(this.name, this.email, password)
    return again.open(browser)
  }

  /** Executes a GraphQL operation as this person, and fails if there are errors. */
  async graphql<Data>(query: Operation, variables: Record<string, unknown> = {}): Promise<Data> {
    const { data, errors } = await this.execute(query, variables)
    assert.equal(errors, undefined, JSON.stringify(errors))
    return data as Data
  }

  /** Executes an operation, which need not be registered, and returns the code of its first error. */
  async codeOf(query: string): Promise<string | undefined> {
    return (await this.execute(query, {})).errors?.[0]?.extensions.code
  }

  private async execute(query: string, variables: Record<string, unknown>): Promise<Answer> {
    const response = await fetch(url + '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `${this.cookie.name}=${this.cookie.value}` },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer
  }

  /** Adds a cat and returns its id. */
  async addCat(name: string, more: Record<string, unknown> = {}): Promise<string> {
    const data = await this.graphql<{ createCatProfile: { id: string } }>(
      operations.addCat,
      { input: { name, age: 3, description: 'Shy at first.', ...more } },
    )
    return data.createCatProfile.id
  }

  /** Asks to foster a cat and returns the id of the request. */
  async ask(catProfileId: string, startDate: string, endDate: string, message?: string): Promise<string> {
    const data = await this.graphql<{ requestFostering: { id: string } }>(
      operations.askToFoster,
      { input: { catProfileId, startDate, endDate, message } },
    )
    return data.requestFostering.id
  }
}

/** Returns an address that nobody has used. */
export function newEmail(): string {
  return `${randomUUID()}@example.org`
}

/** Returns the date that is so many days from today, as forms and the API write it. */
export function day(fromToday: number): string {
  return new Date(Date.now() + fromToday * 86_400_000).toISOString().slice(0, 10)
}

interface Flow {
  ui: { action: string; nodes: { attributes: { name: string; value: unknown } }[] }
}

// Logs in by the form of the pages and returns the session cookie.
async function logIn(email: string, password: string): Promise<{ name: string; value: string }> {
  const opened = await fetch(kratos + '/login/browser', { headers: { accept: 'application/json' } })
  const flow = (await opened.json()) as Flow
  const submitted = await fetch(flow.ui.action, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', cookie: cookiesOf(opened).join('; ') },
    body: JSON.stringify({
      method: 'password',
      identifier: email,
      password,
      csrf_token: flow.ui.nodes.find((node) => node.attributes.name === 'csrf_token')?.attributes.value,
    }),
  })
  assert.equal(submitted.status, 200, await submitted.clone().text())
  const [name, value] = cookiesOf(submitted)
    .find((cookie) => cookie.startsWith('ory_kratos_session='))!
    .split(/=(.*)/s)
  return { name: name!, value: value! }
}

function cookiesOf(response: Response): string[] {
  return response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!)
}

/** Logs out by the menu of the pages. */
export async function logOut({ page, context }: Window): Promise<void> {
  await page.goto('/')
  await page.getByRole('button', { name: 'Menu of' }).click()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByRole('heading', { name: 'A second home for every cat' }).waitFor()
  assert(!(await context.cookies()).some((cookie) => cookie.name === 'ory_kratos_session'), 'there is still a session')
}
