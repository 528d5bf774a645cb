import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { day, logOut, Person } from './harness/person.ts'
import { password, startServer, stopServer } from './harness/server.ts'

const browser = useBrowser()

test('A member who has logged out in another window logs in and comes back', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await using window = await bob.open(browser())
  const { page } = window
  await page.goto('/cats/' + cat)
  await page.locator('[name="startDate"]').waitFor()

  {
    await using other = await bob.open(browser())
    await logOut(other)
  }
  await submit(page, { startDate: day(10), endDate: day(14), message: 'I work from home.' })
  await page.getByRole('alert').waitFor()
  await checkAccessibility(page)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.locator('[name="identifier"]').waitFor()
  await checkAccessibility(page)
  await submit(page, { identifier: bob.email, password })
  await page.waitForURL('**/cats/' + cat)

  // What was typed is still there.
  await page.locator('[name="message"]').waitFor()
  assert.equal(await page.locator('[name="message"]').inputValue(), 'I work from home.')
  await submit(page, { startDate: day(10), endDate: day(14) })
  await page.getByText('You have asked for').waitFor()
})

test('The server restarts while a member looks at cats', async () => {
  const ada = await Person.join('Ada')
  const cat = await ada.addCat(`Godard ${Date.now()}`)
  await using window = await ada.open(browser())
  const { page } = window
  await window.hearNothing() // The page does not come back by itself.
  await page.goto('/cats')
  await page.locator('a[href^="/cats/"]').first().waitFor()

  await stopServer()
  try {
    await page.locator('a[href="/profile"]').first().click()
    await page.getByRole('alert').waitFor()
    await checkAccessibility(page)
  } finally {
    await startServer()
  }
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'Ada', level: 1 }).waitFor()
  await page.goto('/cats/' + cat)
  await page.getByRole('button', { name: 'Delete' }).waitFor()
})

test('A member goes on with pages of another version than the server', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await using window = await bob.open(browser())
  const { page } = window
  await window.hearNothing() // The page sends nothing by itself.
  await page.goto('/cats/' + cat)
  await page.locator('[name="startDate"]').waitFor()

  // A server without these pages does not know their operations, and gets their texts.
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql')) sent.push(request.postDataJSON().query ? 'a text' : 'an id')
  })
  await stopServer()
  try {
    await startServer({ TRUSTED_DOCUMENTS: 'false', PAGES: 'false' })
    await submit(page, { startDate: day(10), endDate: day(14), message: 'I work from home.' })
    await page.getByText('You have asked for').waitFor()
    assert.deepEqual(sent.slice(0, 2), ['an id', 'a text'])
    sent.length = 0
    await page.locator('a[href="/cats"]').first().click()
    await page.getByRole('link', { name: 'Godard' }).first().waitFor()
    assert.deepEqual(sent.slice(0, 2), ['an id', 'a text'])
    // That server does not have the files of the other pages either.
    await page.locator('a[href="/profile"]').first().click()
    await page.locator('[data-code="DOCUMENT_NOT_TRUSTED"]').waitFor()
    await checkAccessibility(page)
  } finally {
    await stopServer()
    await startServer()
  }
  await page.getByRole('button', { name: 'Load again' }).click()
  await page.getByRole('heading', { name: 'Bob', level: 1 }).waitFor()
})

test('Pages whose operations are not registered ask to be loaded again', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/profile')
  await page.getByRole('heading', { name: 'Ada', level: 1 }).waitFor()

  await stopServer()
  try {
    await startServer({ PAGES: 'false' })
    await page.locator('a[href="/cats"]').first().click()
    await page.locator('[data-code="DOCUMENT_NOT_TRUSTED"]').waitFor()
    await checkAccessibility(page)
  } finally {
    await stopServer()
    await startServer()
  }
  await page.getByRole('button', { name: 'Load again' }).click()
  await page.getByRole('link', { name: 'Add a cat' }).first().waitFor()
})

test('A member loses the connection and gets it back', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await using window = await bob.open(browser())
  const { page } = window
  await page.goto('/cats/' + cat)
  await page.locator('[name="startDate"]').waitFor()

  await window.context.setOffline(true)
  await submit(page, { startDate: day(10), endDate: day(14), message: 'I work from home.' })
  await page.getByRole('alert').waitFor()
  await checkAccessibility(page)
  await window.context.setOffline(false)
  await submit(page, { message: 'I work from home.' })
  await page.getByText('You have asked for').waitFor()
})

test('A part of the pages that does not load is asked for again', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page, context } = window
  await page.goto('/cats')
  await page.getByRole('link', { name: 'Add a cat' }).first().waitFor()
  await context.setOffline(true)
  await page.getByRole('link', { name: 'Add a cat' }).first().click()
  await page.getByRole('alert').getByText('No connection').waitFor()
  await checkAccessibility(page)
  await context.setOffline(false)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('[name="name"]').waitFor()
})

test('A member adds a cat after a login in between, and nothing that was typed is lost', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/cats/new')
  await page.locator('[name="location"]').fill('Altstadt')
  await page.locator('[name="available"]').uncheck()
  {
    await using other = await ada.open(browser())
    await logOut(other)
  }
  await submit(page, { name: 'Godard', age: '3', description: 'Shy at first.\n\nBrave later.' })
  await page.getByRole('button', { name: 'Log in' }).click()
  await submit(page, { identifier: ada.email, password })
  await page.waitForURL('**/cats/new')
  await page.locator('[name="name"]').waitFor()
  assert.equal(await page.locator('[name="name"]').inputValue(), 'Godard')
  assert.equal(await page.locator('[name="description"]').inputValue(), 'Shy at first.\n\nBrave later.')
  assert.equal(await page.locator('[name="location"]').inputValue(), 'Altstadt')
  assert.equal(await page.locator('[name="available"]').isChecked(), false)
})

test('A member sees what is known while a service is away', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await bob.ask(cat, day(10), day(14), 'I work from home.')
  await using window = await ada.open(browser())
  const { page } = window
  await window.hearNothing() // The page asks nothing by itself.
  await page.goto('/requests')
  await page.getByText('I work from home.').waitFor()

  // Without Keto there are cats to look at and forms for what the member may do, but nothing is done that needs a permission.
  await stopServer()
  try {
    await startServer({ ORY_KETO_PUBLIC_URL: nowhere, ORY_KETO_ADMIN_URL: nowhere }, 'alive')
    {
      await using other = await ada.open(browser())
      await other.page.goto(`/cats/${cat}/edit`)
      await submit(other.page, { name: 'Godard the Second' })
      await other.page.getByRole('heading', { name: 'Taking a nap' }).waitFor()
      assert.equal(await other.page.locator('[name="name"]').inputValue(), 'Godard the Second')
    }
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('heading', { name: 'Taking a nap' }).waitFor()
    await page.getByText('I work from home.').waitFor()
    await checkAccessibility(page)
  } finally {
    await stopServer()
    await startServer()
  }
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('alert').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Approve' }).click()
  await page.getByText(bob.email).first().waitFor()

  // Without Kratos nobody knows who the visitor is, and the forms of the account say so too.
  await stopServer()
  try {
    await startServer({ ORY_KRATOS_PUBLIC_URL: nowhere, ORY_KRATOS_ADMIN_URL: nowhere }, 'alive')
    for (const path of ['/cats', '/login']) {
      await page.goto(path)
      await page.getByRole('heading', { name: 'Taking a nap' }).last().waitFor()
      await checkAccessibility(page)
    }
  } finally {
    await stopServer()
    await startServer()
  }
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.waitForURL((url) => url.pathname === '/')
})

/** An address at which nothing listens. */
const nowhere = 'http://127.0.0.1:1'
