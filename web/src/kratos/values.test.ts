import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nest } from './values.ts'

test('nest follows the dots of the names', () => {
  assert.deepEqual(nest([['traits.name', 'Ada'], ['traits.email', 'ada@example.org'], ['method', 'profile']]), {
    traits: { name: 'Ada', email: 'ada@example.org' },
    method: 'profile',
  })
})
