import assert from 'node:assert/strict'
import { test } from 'node:test'

import { useBrowser, Window } from './harness/browser.ts'
import { Person } from './harness/person.ts'

const browser = useBrowser()

test('The playground knows the visitor by the session cookie', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/playground')
  const result = page.getByLabel('Result Window')

  await page.getByRole('button', { name: 'Execute query' }).click()
  await result.getByText(ada.email).waitFor()

  // The tour: a cat, found by its search.
  for (const [operation, answer] of [
    ['AddCat', '"viewerCanEdit": true'],
    ['FindCats', '"hasNextPage"'],
  ] as const) {
    await page.getByRole('tab', { name: operation }).click()
    // GraphiQL reads the new document a moment later.
    await page.waitForFunction((name) => localStorage.getItem('graphiql:operationName') === name, operation)
    await page.getByRole('button', { name: 'Execute query' }).click()
    await result.getByText(answer).waitFor()
  }

  // There is nowhere to type a token, and none is kept.
  assert.equal(await page.getByRole('button', { name: 'Headers' }).count(), 0)
  const stored = await page.evaluate(() => JSON.stringify(localStorage))
  assert(stored.includes('AddCat'), 'the tabs are kept')
  assert(!stored.includes(ada.session), 'the session is kept in the storage of the browser')
})

test('The playground tells visitors without a session to sign in', async () => {
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/playground')
  await page.getByRole('button', { name: 'Execute query' }).click()
  await page.getByLabel('Result Window').getByText('UNAUTHENTICATED').waitFor()
})

test('The playground has documentation, history, an explorer and a dark theme', async () => {
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/playground')
  await page.getByRole('button', { name: 'Execute query' }).click()

  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
  await page.getByRole('link', { name: 'Mutation', exact: true }).click()
  await page.getByRole('link', { name: 'approveFostering' }).waitFor()
  await page.getByRole('button', { name: 'Show History' }).click()
  await page.getByRole('button', { name: 'Clear' }).waitFor()
  await page.getByRole('button', { name: 'Show GraphiQL Explorer' }).click()
  await page.locator('.docExplorerWrap').getByText('catProfiles').first().waitFor()

  await page.getByRole('button', { name: 'Open settings dialog' }).click()
  await page.getByRole('button', { name: 'Dark', exact: true }).click()
  assert(await page.evaluate(() => document.body.classList.contains('graphiql-dark')))
})
