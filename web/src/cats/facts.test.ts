import assert from 'node:assert/strict'
import { test } from 'node:test'
import { monthsOf } from './facts.ts'

for (const [born, today, months] of [
  ['2026-12-01', '2026-12-01', 0],
  ['2026-10-31', '2026-11-30', 0],
  ['2026-10-31', '2026-12-01', 1],
  ['2026-02-28', '2026-12-27', 9],
  ['2026-02-28', '2026-12-28', 10],
  ['2025-12-15', '2026-12-14', 11],
] as const) {
  test(`monthsOf ${born} is ${months} on ${today}`, () => assert.equal(monthsOf(born, today), months))
}
