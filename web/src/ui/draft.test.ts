import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageViewer } from '../api/viewer.ts'
import { clearDraft, draftOf, keepDraft } from './draft.ts'

test('A draft is kept for the member of the page, and not if it is not known whose page it is', () => {
  const stored = new Map<string, string>()
  const sessionStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  }
  Object.assign(globalThis, { sessionStorage })
  const data = new FormData()
  data.set('name', 'Vigo')

  keepDraft('cat', data)
  assert.deepEqual([...stored], [])
  assert.deepEqual(draftOf('cat'), [])

  pageViewer.belongTo({ id: 'a', name: 'Ada' })
  keepDraft('cat', data)
  assert.deepEqual([...stored.keys()], ['catfoster.draft.a.cat'])
  assert.deepEqual(draftOf('cat'), [['name', 'Vigo']])
  clearDraft('cat')
  assert.deepEqual([...stored], [])
})
