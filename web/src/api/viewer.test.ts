import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PageViewer, type PageState, type SignedIn } from './viewer.ts'

const ada = { id: 'a', name: 'Ada' }
const bob = { id: 'b', name: 'Bob' }

/** A page and what it has told other tabs. `now` is who is signed in. */
function open(): { page: PageViewer; told: string[]; hear: (id: string) => void; signedIn: { now: SignedIn } } {
  const page = new PageViewer()
  const told: string[] = []
  const signedIn: { now: SignedIn } = { now: ada }
  const channel = { postMessage: (id: string) => told.push(id), onmessage: undefined as unknown as (message: { data: string }) => void }
  page.listen(() => Promise.resolve(signedIn.now), channel as unknown as BroadcastChannel)
  return { page, told, hear: (data) => channel.onmessage({ data }), signedIn }
}

test('A page belongs to the first member whom it learns of, and says so with each request', async () => {
  const { page, told } = open()
  assert.deepEqual(page.header(), {})
  assert(page.learn(null))
  await page.identify()
  assert.deepEqual(page.header(), { 'Catfoster-Viewer': 'a' })
  assert.equal(page.learn(bob), false)
  assert.deepEqual(page.header(), { 'Catfoster-Viewer': 'a' })
  assert.deepEqual(told, ['', 'a'])
})

const cases: [string, 'refused' | 'told' | 'restored', SignedIn, PageState['type']][] = [
  ['the same member', 'told', ada, 'own'],
  ['somebody else', 'told', bob, 'other'],
  ['nobody', 'told', null, 'signed-out'],
  ['nobody knows who', 'told', undefined, 'own'],
  ['somebody else', 'refused', bob, 'other'],
  ['nobody knows who', 'refused', undefined, 'other'],
  ['the same member', 'refused', ada, 'own'],
  ['somebody without the second factor', 'refused', 'second-factor', 'second-factor'],
  ['somebody without the second factor', 'told', 'second-factor', 'second-factor'],
  ['somebody without the second factor', 'restored', 'second-factor', 'second-factor'],
  ['somebody else', 'restored', bob, 'other'],
  ['nobody', 'restored', null, 'signed-out'],
  ['nobody knows who', 'restored', undefined, 'own'],
]
for (const [who, why, now, want] of cases) {
  test(`A page that is ${why}, when ${who} is signed in, is ${want}`, async () => {
    const { page, signedIn } = open()
    page.learn(ada)
    signedIn.now = now
    await page.doubt(why)
    assert.equal(page.current().type, want)
    signedIn.now = ada
    await page.doubt('told')
    assert.equal(page.current().type, 'own', 'after a login of the member')
  })
}

test('A page asks only if another tab tells something new', async () => {
  const { page, hear, signedIn } = open()
  hear('b') // The page of a visitor shows nothing of anybody.
  page.learn(ada)
  signedIn.now = bob
  hear('a')
  await Promise.resolve()
  assert.equal(page.current().type, 'own')
  hear('b')
  await Promise.resolve()
  assert.deepEqual(page.current(), { type: 'other', now: bob, member: ada })
})

test('A page of a recovery stays when nobody is signed in', async () => {
  const { page, signedIn } = open()
  page.belongTo(ada)
  assert(page.learn(null))
  signedIn.now = null
  await page.doubt('told')
  assert.equal(page.current().type, 'own')
  signedIn.now = bob
  await page.doubt('told')
  assert.equal(page.current().type, 'other')
})

test('A page whose session has ended is hidden until its member comes back, and tells other tabs', async () => {
  const { page, told, signedIn } = open()
  page.learn(ada)
  page.learn(null)
  assert.equal(page.current().type, 'signed-out')
  assert.deepEqual(told, ['a', ''])
  page.learn(ada) // An answer from before.
  assert.equal(page.current().type, 'signed-out')
  for (const [now, want] of [[null, 'signed-out'], [bob, 'other'], [ada, 'own']] as const) {
    signedIn.now = now
    await page.doubt('told')
    assert.equal(page.current().type, want)
  }
})

for (const [who, now, want] of [['nobody', null, 'signed-out'], ['nobody knows who', undefined, 'signed-out'], ['the same member', ada, 'own']] as const) {
  test(`A page that was left by a logout, and is shown again when ${who} is signed in, is ${want}`, async () => {
    const { page, told, signedIn } = open()
    page.learn(ada)
    page.leave()
    assert.equal(page.current().type, 'asking', 'before the browser has left the page')
    assert.deepEqual(told, ['a', ''])
    signedIn.now = now
    await page.doubt('restored')
    assert.equal(page.current().type, want)
  })
}

test('A page belongs to the member of its flow, whoever has logged in meanwhile', async () => {
  const { page, signedIn } = open()
  signedIn.now = bob
  assert(page.belongTo(ada))
  assert(await page.identify())
  assert.deepEqual(page.header(), { 'Catfoster-Viewer': 'a' })
  assert(!page.belongTo(bob), 'a flow of Bob fits the page of Ada')
})

for (const [who, now, want] of [
  ['Bob is signed in', bob, true],
  ['nobody is signed in', null, true],
  ['somebody lacks the second factor', 'second-factor', true],
  ['there is no answer', undefined, false],
] as const) {
  test(`A page asks whose it is when ${who}`, async () => {
    const { page, signedIn } = open()
    signedIn.now = now
    assert.equal(await page.identify(), want)
    assert.deepEqual(page.header(), now === bob ? { 'Catfoster-Viewer': 'b' } : {})
  })
}

for (const [who, now, want] of [
  ['Bob', bob, { type: 'other', now: bob, member: undefined }],
  ['somebody who recovers an account', null, { type: 'other', member: undefined }],
  ['somebody who lacks the second factor', 'second-factor', { type: 'second-factor' }],
] as const) {
  test(`The form of a visitor that meets a session says so: ${who}`, async () => {
    const { page, signedIn, hear } = open()
    signedIn.now = now
    hear('b')
    await Promise.resolve()
    assert.equal(page.current().type, 'own', 'the page of a visitor after a login in another tab')
    await page.doubt('refused')
    assert.deepEqual(page.current(), want)
  })
}
