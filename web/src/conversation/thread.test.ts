import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessagesPage } from './ConversationQuery.ts'
import { emptyThread, withEarlier, withNewest, withSent } from './thread.ts'

const message = (id: string) => ({ id, text: id, createdAt: '2026-12-01T09:00:00Z', author: { id: 'ada', name: 'Ada' } })

const page = (ids: string, hasPreviousPage: boolean): MessagesPage => ({
  edges: [...ids].map((id) => ({ cursor: `at ${id}`, node: message(id) })),
  pageInfo: { hasPreviousPage },
})

const ids = ({ messages }: { messages: { id: string }[] }) => messages.map(({ id }) => id).join('')

test('Earlier messages come before those that are known', () => {
  const newest = withNewest(emptyThread, page('efg', true))
  assert.deepEqual([ids(newest), newest.hasEarlier, newest.start], ['efg', true, 'at e'])
  const more = withEarlier(newest, 'at e', page('bcd', true))
  assert.deepEqual([ids(more), more.hasEarlier, more.start], ['bcdefg', true, 'at b'])
  const all = withEarlier(more, 'at b', page('a', false))
  assert.deepEqual([ids(all), all.hasEarlier], ['abcdefg', false])
})

test('New messages come after those that are known, and deleted ones vanish', () => {
  const known = withEarlier(withNewest(emptyThread, page('def', true)), 'at d', page('abc', false))
  const newer = withNewest(known, page('dfgh', true))
  assert.deepEqual([ids(newer), newer.hasEarlier], ['abcdfgh', false])
})

test('Messages after which others may be missing are loaded again', () => {
  const known = withEarlier(withNewest(emptyThread, page('def', true)), 'at d', page('abc', false))
  const newer = withNewest(known, page('xyz', true))
  assert.deepEqual([ids(newer), newer.hasEarlier, newer.start], ['xyz', true, 'at x'])
  assert.equal(withEarlier(newer, 'at d', page('abc', false)), newer, 'an answer from before')
})

test('A message that was sent is there once', () => {
  const known = withSent(withNewest(emptyThread, page('ab', false)), message('c'))
  assert.equal(ids(known), 'abc')
  assert.equal(ids(withSent(known, message('c'))), 'abc')
  assert.equal(ids(withNewest(known, page('abcd', false))), 'abcd')
  assert.equal(ids(withNewest(withSent(emptyThread, message('a')), page('a', false))), 'a')
})
