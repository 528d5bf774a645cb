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
  await page.getByRole('alert').locator('a[href^="/login"]').click()
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
