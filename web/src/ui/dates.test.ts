import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, addMonths, daysBetween, moveMonths, overlapping, placeInWeek, selectDay, weeksOf } from './dates.ts'

test('addDays crosses months, years and leap days', () => {
  assert.equal(addDays('2027-12-31', 1), '2028-01-01')
  assert.equal(addDays('2028-02-28', 1), '2028-02-29')
  assert.equal(addDays('2028-03-01', -1), '2028-02-29')
})

test('daysBetween counts across months and changes of the clock', () => {
  assert.equal(daysBetween('2026-10-20', '2026-11-03'), 14)
  assert.equal(daysBetween('2028-02-28', '2028-03-01'), 2)
  assert.equal(daysBetween('2026-12-01', '2026-12-01'), 0)
  assert.equal(daysBetween('2027-01-01', '2026-12-31'), -1)
})

test('addMonths crosses years', () => {
  assert.equal(addMonths('2027-12', 1), '2028-01')
  assert.equal(addMonths('2028-01', -1), '2027-12')
})

test('moveMonths stays within a shorter month', () => {
  assert.equal(moveMonths('2028-01-31', 1), '2028-02-29')
  assert.equal(moveMonths('2028-03-31', -1), '2028-02-29')
  assert.equal(moveMonths('2028-03-15', 1), '2028-04-15')
})

test('placeInWeek counts from the first weekday', () => {
  assert.equal(placeInWeek('2026-11-30', 1), 0) // a Monday
  assert.equal(placeInWeek('2026-11-29', 1), 6)
  assert.equal(placeInWeek('2026-11-29', 7), 0)
})

test('weeksOf fills the first and the last week', () => {
  const weeks = weeksOf('2026-11', 1)
  assert.deepEqual(weeks[0], [null, null, null, null, null, null, '2026-11-01'])
  assert.deepEqual(weeks.at(-1), ['2026-11-30', null, null, null, null, null, null])
  assert.equal(weeks.flat().filter(Boolean).length, 30)
})

test('overlapping finds periods that share a day', () => {
  const taken = [{ startDate: '2026-12-10', endDate: '2026-12-12' }]
  const overlaps = (startDate: string, endDate: string) => overlapping({ startDate, endDate }, taken) !== undefined
  assert.equal(overlaps('2026-12-08', '2026-12-09'), false)
  assert.equal(overlaps('2026-12-08', '2026-12-10'), true)
  assert.equal(overlaps('2026-12-11', '2026-12-11'), true)
  assert.equal(overlaps('2026-12-12', '2026-12-20'), true)
  assert.equal(overlaps('2026-12-13', '2026-12-20'), false)
})

test('selectDay selects a first day, then a last day, then begins anew', () => {
  const first = selectDay({}, '2026-12-10')
  assert.deepEqual(first, { startDate: '2026-12-10' })
  const both = selectDay(first, '2026-12-12')
  assert.deepEqual(both, { startDate: '2026-12-10', endDate: '2026-12-12' })
  assert.deepEqual(selectDay(both, '2026-12-20'), { startDate: '2026-12-20' })
  assert.deepEqual(selectDay(first, '2026-12-09'), { startDate: '2026-12-09' })
})
