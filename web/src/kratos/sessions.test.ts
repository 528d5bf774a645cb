import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRecent, sessionOf } from './sessions.ts'

const session = (loggedIn: string, expires: string) => sessionOf({ id: 's', authenticated_at: loggedIn, expires_at: expires })

test('A session that was never extended was used at the login', () => {
  assert.equal(session('2026-11-01T08:00:00Z', '2026-12-01T08:00:00Z').used, '2026-11-01T08:00:00Z')
})

test('A session that was extended was used then', () => {
  assert.equal(session('2026-11-01T08:00:00Z', '2026-12-11T09:30:00Z').used, '2026-11-11T09:30:00.000Z')
})

test('A second login within a session is a use', () => {
  assert.equal(session('2026-11-20T08:00:00Z', '2026-12-11T09:30:00Z').used, '2026-11-20T08:00:00Z')
})

test('A session is recent for a day after it was extended', () => {
  const used = session('2026-11-01T08:00:00Z', '2026-12-11T09:30:00Z')
  assert.equal(isRecent(used, Date.parse('2026-11-12T09:29:00Z')), true)
  assert.equal(isRecent(used, Date.parse('2026-11-12T09:31:00Z')), false)
})
