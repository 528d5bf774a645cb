import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agoOf, dayIn, durationUntil, formatter } from './format.ts'

const now = () => Date.now() / 1000

for (const [seconds, english, german] of [
  [0.2, '1 second', '1 Sekunde'],
  [59, '59 seconds', '59 Sekunden'],
  [60, '1 minute', '1 Minute'],
  [65, '1 minute', '1 Minute'],
  [900, '15 minutes', '15 Minuten'],
  [3_600, '1 hour', '1 Stunde'],
  [5_400, '90 minutes', '90 Minuten'],
  [7_200, '2 hours', '2 Stunden'],
  [8_000, '2 hours', '2 Stunden'],
  [86_400, '1 day', '1 Tag'],
] as const) {
  test(`Units are words: ${seconds} s`, () => {
    assert.equal(durationUntil('en', now() + seconds), english)
    assert.equal(durationUntil('de', now() + seconds), german)
    assert.equal(agoOf('en', now() - seconds), `${english} ago`)
    assert.equal(agoOf('de', now() - seconds), `vor ${german}`)
  })
}

for (const [zone, time, day] of [
  ['UTC', '2026-12-01T23:59:59Z', '1 Dec 2026'],
  ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '1 Jan 2027'],
  ['America/Los_Angeles', '2028-03-01T07:59:59Z', '29 Feb 2028'],
  ['Europe/Berlin', '2026-03-28T23:00:00Z', '29 Mar 2026'],
  ['Europe/Berlin', '2026-03-29T22:00:00Z', '30 Mar 2026'],
  ['Europe/Berlin', '2026-10-25T22:59:59Z', '25 Oct 2026'],
  ['Europe/Atlantis', '2026-12-01T23:59:59Z', '1 Dec 2026'], // Newer than the browser.
] as const) {
  test(`Days are days of the community: ${time} in ${zone}`, () => {
    Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en-GB'] }, configurable: true })
    assert.equal(formatter('en').date(time, zone), day)
  })
}

test('Times are times of the community', () => {
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en-GB'] }, configurable: true })
  for (const [zone, time] of [['UTC', '23:59'], ['Europe/Berlin', '00:59'], ['Europe/Atlantis', '23:59']] as const) {
    assert.equal(formatter('en').time('2026-12-01T23:59:59Z', zone), time)
  }
})

test('A moment has the day that it is in the community', () => {
  assert.equal(dayIn('2026-12-31T23:30:00Z', 'Europe/Berlin'), '2027-01-01')
  assert.equal(dayIn('2026-12-31T23:30:00Z', 'America/New_York'), '2026-12-31')
  assert.equal(dayIn('2026-12-31T23:30:00Z', 'Mars/Olympus'), '2026-12-31', 'a zone that is not known is UTC')
})
