import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newKey } from './idempotency.ts'

test('newKey returns another UUID each time', () => {
  const keys = Array.from({ length: 100 }, newKey)
  for (const key of keys) assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
  assert.equal(new Set(keys).size, keys.length)
})
