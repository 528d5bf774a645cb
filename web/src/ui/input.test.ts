import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf } from './input.ts'

test('changesOf leaves out what stays as it was', () => {
  const before = { id: '1', name: 'Ada\u200b', location: null, age: 3, available: true }
  assert.deepEqual(changesOf({ name: 'Ada\u200b', location: '', age: 3, available: true }, before), {})
  assert.deepEqual(changesOf({ name: 'Ada', location: 'Paris', age: 0, available: false }, before), { name: 'Ada', location: 'Paris', age: 0, available: false })
})

test('changesOf sends an empty text that takes the place of another', () => {
  assert.deepEqual(changesOf({ location: '' }, { location: 'Paris' }), { location: '' })
})
