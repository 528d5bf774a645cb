// The pages without a mouse: what has the focus, where it goes, and whether one sees it.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { checkAccessibility, refuse, useBrowser } from './harness/browser.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

/** Describes what has the focus: its element, and its name or the beginning of its text. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement!
    const name = element.getAttribute('name') ?? element.getAttribute('aria-label') ?? element.querySelector('h1, h2')?.textContent ?? element.textContent
    return `${element.localName} ${name!.trim()}`
  })

async function has(page: Page, expected: string): Promise<void> {
  let last = ''
  await until(() => `${expected} has the focus: ${last} has it`, async () => (last = await focused(page)) === expected, 5_000)
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

test('A visitor without a mouse finds the content, and hears of each new page', async () => {
  const ada = await Person.join('Ada')
  await ada.addCat('Godard')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/cats')
  await page.getByRole('heading', { name: 'Godard' }).first().waitFor()

  await press(page, 'Tab')
  await has(page, 'a Skip to the content')
  await press(page, 'Enter', 'Tab')
  await has(page, 'a Add a cat')
  await press(page, 'Enter')
  await page.waitForURL('**/cats/new')
  await has(page, 'h1 Add a cat')
  await press(page, 'Tab')
  await has(page, 'input name')

  // The menu opens and closes by keys, and gives the focus back.
  await page.getByRole('button', { name: 'Menu of Ada' }).focus()
  await press(page, 'Enter', 'Tab')
  await has(page, 'a Profile')
  await press(page, 'Escape')
  await has(page, 'button Menu of Ada')

  // Back again: the new page is told too.
  await page.goBack()
  await has(page, 'h1 Cats')
})

test('Everything that has the focus is seen', async () => {
  const ada = await Person.join('Ada')
  const cat = await ada.addCat('Godard')
  const bob = await Person.join('Bob')
  for (const width of [320, 1280]) {
    await using window = await bob.open(browser(), { viewport: { width, height: 640 } })
    const { page } = window
    await page.goto('/cats/' + cat)
    await page.locator('[name="startDate"]').waitFor()
    const seen = new Set<string>()
    for (let n = 0; n < 60; n++) {
      await press(page, 'Tab')
      const found = await page.evaluate(() => {
        const element = document.activeElement!
        if (element === document.body) return undefined
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        const { left, top, width, height } = element.getBoundingClientRect()
        const over = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 20))
        return {
          name: `${element.localName} ${element.getAttribute('name') ?? element.textContent}`,
          outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
          covered: over !== element && !element.contains(over) && !over?.contains(element),
        }
      })
      if (!found) break
      seen.add(found.name)
      assert(found.outlined, `${found.name} has the focus, and nothing shows it`)
      assert(!found.covered, `${found.name} has the focus below something else (${width} pixels)`)
    }
    for (const expected of ['button Ask to foster', 'textarea message', 'select theme']) assert(seen.has(expected), `${expected} cannot be reached by keys`)
  }
})

test('A dialog keeps the focus, and gives it back', async () => {
  const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
  const cat = await ada.addCat('Godard')
  await bob.ask(cat, day(10), day(14))
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/requests')
  const reject = page.getByRole('button', { name: 'Reject' })
  await reject.focus()
  await press(page, 'Enter')
  const dialog = page.getByRole('dialog', { name: 'Reject Bob’s request?' })
  await dialog.waitFor()
  for (let n = 0; n < 6; n++) {
    await press(page, 'Tab')
    // The browser itself comes after the last control of a dialog.
    assert(await page.evaluate(() => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null), 'the focus is behind the dialog')
  }
  await press(page, 'Escape')
  await dialog.waitFor({ state: 'detached' })
  await has(page, 'button Reject')

  // Once it is rejected, the button is gone, and the request has the focus.
  await press(page, 'Enter')
  await dialog.locator('[name="reason"]').fill('I changed my mind.')
  await dialog.getByRole('button', { name: 'Reject' }).press('Enter')
  await page.getByText('Your reason:').waitFor()
  await has(page, 'article Bob')
})

test('The focus stays near a button that goes', async () => {
  const [ada, bob, eve] = await Promise.all([Person.join('Ada'), Person.join('Bob'), Person.join('Eve')])
  const fostering = await bob.ask(await ada.addCat('Godard'), day(10), day(14))
  await ada.graphql(operations.approve, { id: fostering })
  const { me } = await eve.graphql<{ me: { id: string } }>(operations.me)
  await ada.graphql(operations.block, { id: me.id })
  await using window = await ada.open(browser())
  const { page } = window
  const choose = (name: string | RegExp) => page.getByRole('button', { name }).press('Enter')

  for (const button of ['Remove all filters', /^Remove the filter/]) {
    await page.goto('/cats?available=true')
    await choose(button)
    await page.getByRole('list', { name: 'Filters that are on' }).waitFor({ state: 'detached' })
    await has(page, 'section Cats')
  }

  for (const [proposer, button] of [[bob, 'Accept'], [ada, 'Withdraw']] as const) {
    await proposer.graphql(operations.propose, { input: { fosteringId: fostering, startDate: day(10), endDate: day(proposer === bob ? 15 : 16) } })
    await page.goto('/requests?part=promised')
    await choose(button)
    await page.getByRole('button', { name: 'Propose other days' }).waitFor()
    await has(page, 'article Bob')
  }

  await page.goto('/notifications')
  await choose('Mark all as read')
  await has(page, 'main News')

  await page.goto('/settings')
  await choose('Unblock Eve')
  await page.getByText('You have blocked nobody.').waitFor()
  await has(page, 'section Blocked members')

  await refuse(page, 'Notifications')
  await page.goto('/notifications')
  await choose('Try again')
  await has(page, 'main News')
})

test('What has happened is read out', async () => {
  const ada = await Person.join('Ada')
  await using window = await ada.open(browser())
  const { page } = window
  await page.goto('/profile')
  const edit = page.getByRole('button', { name: 'Edit profile' })
  for (const bio of ['I have a sofa.', 'I have two sofas.']) {
    await edit.click()
    await page.locator('[name="bio"]').fill(bio)
    await page.locator('form button[type=submit]').click()
    await page.getByRole('status').getByText('Saved.').waitFor()
    await page.getByText(bio).waitFor()
    await has(page, 'button Edit profile')
    await checkAccessibility(page)
    await page.getByRole('status').getByRole('button', { name: 'Close' }).click()
  }
})

test('Pages do not move for those who do not like it', async () => {
  const ada = await Person.join('Ada')
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    await using window = await ada.open(browser(), { reducedMotion })
    const { page } = window
    await page.goto('/cats')
    await page.getByRole('heading', { name: 'Cats' }).waitFor()
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element)
          return animationName !== 'none' || parseFloat(transitionDuration) > 0
        }).length,
    )
    assert.equal(moving > 0, reducedMotion === 'no-preference', `${moving} elements move (${reducedMotion})`)
  }
})
