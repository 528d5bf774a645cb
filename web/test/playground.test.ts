import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { useBrowser, Window } from './harness/browser.ts'
import { Person } from './harness/person.ts'
import { anyOperation } from './harness/server.ts'

const browser = useBrowser(anyOperation)

/** Runs the operation of a tab. */
async function run(page: Page, operation: string): Promise<void> {
  await page.getByRole('tab', { name: operation }).click()
  // GraphiQL reads the document of a tab a moment after it is shown.
  await page.waitForFunction((name) => localStorage.getItem('graphiql:operationName') === name, operation)
  await page.getByRole('button', { name: 'Execute query' }).click()
}

test('The playground knows the visitor by the session cookie', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/playground')
  const result = page.getByLabel('Result Window')

  // The first steps of the tour: who am I, a cat, found by its search.
  await run(page, 'Me')
  await result.getByText(ada.email).waitFor()
  await run(page, 'AddCat')
  await result.getByText('"viewerCanEdit": true').waitFor()
  await run(page, 'FindCats')
  await result.getByText('"edges"').waitFor()

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
  await run(page, 'Me')
  await page.getByLabel('Result Window').getByText('UNAUTHENTICATED').waitFor()
})

test('The playground has documentation, history, an explorer and a dark theme', async () => {
  await using window = await Window.open(browser())
  const { page } = window
  await page.goto('/playground')
  await run(page, 'Me')

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
