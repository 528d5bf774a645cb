import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'

import { useBrowser } from './harness/browser.ts'
import { submit } from './harness/form.ts'
import { operations } from './harness/operations.ts'
import { Person } from './harness/person.ts'
import { startServer, stopServer } from './harness/server.ts'

const browser = useBrowser()

/** The day of a page: the first one that its form takes, and the first one in its calendar that has not passed. */
async function todayOf(page: Page): Promise<string> {
  const first = await page.locator('[name="startDate"]').getAttribute('min')
  const inCalendar = await page.locator('td:not([data-state="past"]) > [data-day]').first().getAttribute('data-day')
  assert.equal(inCalendar, first, 'the first day of the calendar that has not passed, and of the form')
  return first!
}

for (const [zone, elsewhere] of [
  ['Pacific/Kiritimati', 'America/Los_Angeles'],
  ['UTC', 'Pacific/Kiritimati'],
  ['America/Los_Angeles', 'Pacific/Kiritimati'],
  ['Europe/Berlin', 'Pacific/Pago_Pago'],
] as const) {
  test(`A member in ${elsewhere} asks to foster a cat from today on, in ${zone}`, async () => {
    const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
    const cat = await ada.addCat('Godard')
    await stopServer()
    try {
      await startServer({ COMMUNITY_TIME_ZONE: zone, COMMUNITY_NAME: 'Cats of Köln' })
      await using window = await bob.open(browser(), { timezoneId: elsewhere })
      const { page } = window
      await page.goto('/cats/' + cat)
      await page.locator('[name="startDate"]').waitFor()
      const { community } = await bob.graphql<{ community: { today: string } }>(operations.community)
      assert.equal(await todayOf(page), community.today)
      assert.equal(await page.title(), 'Godard · Cats of Köln')
      await submit(page, { startDate: community.today, endDate: community.today })
      await page.getByText('You have asked for').waitFor()
    } finally {
      await stopServer()
      await startServer()
    }
  })
}

for (const [today, joined] of [
  ['2026-03-29', { time: '2026-03-28T23:00:00Z', day: '29 Mar 2026' }],
  ['2026-10-25', { time: '2026-10-25T22:59:59Z', day: '25 Oct 2026' }],
  ['2028-02-29', { time: '2027-12-31T23:00:00Z', day: '1 Jan 2028' }],
] as const) {
  test(`A page shows the days of Berlin on ${today}`, async () => {
    const [ada, bob] = await Promise.all([Person.join('Ada'), Person.join('Bob')])
    const cat = await ada.addCat('Godard')
    await using window = await bob.open(browser())
    const { page } = window
    await page.route('**/graphql', async (route) => {
      const response = await route.fetch()
      const { data, ...rest } = (await response.json()) as { data: { catProfile?: object } }
      const community = { __typename: 'Community', name: 'CatFoster', timeZone: 'Europe/Berlin', today }
      const catProfile = data.catProfile && { ...data.catProfile, createdAt: joined.time }
      await route.fulfill({ response, json: { data: { ...data, community, ...(catProfile && { catProfile }) }, ...rest } })
    })
    await page.goto('/cats/' + cat)
    await page.locator('[name="startDate"]').waitFor()
    assert.equal(await todayOf(page), today)
    await page.getByText(`Here since ${joined.day}`).waitFor()
  })
}
