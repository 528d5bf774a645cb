import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NotSent } from './send.ts'
import { moved, photosOf, Uploads, valueOf } from './uploads.ts'

const offline: NotSent = { code: 'OFFLINE', message: '', fields: {} }
const file = (name: string) => new Blob([name])
const settled = () => new Promise((resolve) => setTimeout(resolve))

/** A list whose photos are sent when the test says so. */
function listOf(...ids: string[]) {
  const kept = new Map<string, Blob>()
  const answers: { resolve: (id: string) => void; reject: (failure: NotSent) => void; signal: AbortSignal }[] = []
  const uploads = new Uploads(ids.map((id) => ({ id, alt: `Alt ${id}` })), {
    scale: async (photo) => photo,
    send: (_photo, _onProgress, signal) => new Promise((resolve, reject) => answers.push({ resolve, reject, signal })),
    keepFile: async (key, file) => void kept.set(key, file),
    keptFile: async (key) => kept.get(key),
    dropFile: async (key) => void kept.delete(key),
    preview: () => 'blob:preview',
    forget: () => {},
  })
  uploads.start()
  return { uploads, answers, kept, ids: () => photosOf(uploads.value).map(({ id }) => id) }
}

test('moved changes one place', () => {
  assert.deepEqual(moved(['a', 'b', 'c'], 0, 2), ['b', 'c', 'a'])
  assert.deepEqual(moved(['a', 'b', 'c'], 2, 0), ['c', 'a', 'b'])
  assert.deepEqual(moved(['a', 'b', 'c'], 1, 1), ['a', 'b', 'c'])
})

test('Photos are sent one after the other, and keep the order in which they were chosen', async () => {
  const { uploads, answers, ids, kept } = listOf('old')
  uploads.add([file('1'), file('2'), file('3')])
  await settled()
  uploads.move(uploads.current()[3]!.key, 1)
  assert.equal(kept.size, 3)
  for (const [n, id] of ['first', 'third', 'second'].entries()) {
    assert.equal(answers.length, n + 1)
    answers[n]!.resolve(id)
    await settled()
  }
  assert.deepEqual(ids(), ['old', 'third', 'first', 'second'])
  assert.equal(kept.size, 0, 'a file that was sent is kept')
})

test('A photo that was not sent stays, and is sent again', async () => {
  const { uploads, answers, ids } = listOf()
  uploads.add([file('1'), file('2')])
  await settled()
  answers[0]!.reject(offline)
  await settled()
  answers[1]!.resolve('second')
  await settled()
  assert.deepEqual(ids(), ['second'])
  assert.equal(uploads.current()[0]!.failure, offline)
  uploads.retry(({ failure }) => failure?.code === 'OFFLINE')
  await settled()
  answers[2]!.resolve('first')
  await settled()
  assert.deepEqual(ids(), ['first', 'second'])
})

test('A photo that the API cannot read is not sent again', async () => {
  const { uploads, answers } = listOf()
  uploads.add([file('1')])
  await settled()
  answers[0]!.reject({ ...offline, code: 'BAD_USER_INPUT', problem: 'broken' })
  await settled()
  uploads.retry(() => true)
  await settled()
  assert.equal(answers.length, 1)
})

test('A photo that is removed on its way is not attached', async () => {
  const { uploads, answers, ids } = listOf('old')
  uploads.add([file('1')])
  await settled()
  uploads.remove(uploads.current()[1]!.key)
  assert(answers[0]!.signal.aborted)
  answers[0]!.resolve('first')
  await settled()
  assert.deepEqual(ids(), ['old'])
})

test('A form that is opened again goes on with what was not sent', async () => {
  const { uploads, answers, kept, ids } = listOf('old')
  uploads.add([file('1'), file('2')])
  await settled()
  uploads.move(uploads.current()[2]!.key, 0)
  const written = uploads.value
  uploads.stop()
  assert(answers.every(({ signal }) => signal.aborted))

  const again = listOf('old')
  const [lost] = uploads.current()
  for (const [key, file] of kept) if (key !== lost!.key) again.kept.set(key, file)
  again.uploads.restore(written)
  await settled()
  again.answers[0]!.resolve('first')
  await settled()
  assert.deepEqual(again.ids(), ['old', 'first'])
  assert.equal(again.uploads.current().length, 2, 'a file that is gone stays in the list')
  assert.deepEqual(ids(), ['old'])
})

test('valueOf is what a list without changes says', () => {
  assert.equal(listOf('a', 'b').uploads.value, valueOf([{ id: 'a', alt: 'Alt a' }, { id: 'b', alt: 'Alt b' }]))
})
