import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Live } from './live.ts'

/** What the browser has opened. */
const sources: FakeSource[] = []

class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  readyState = 0
  onopen?: () => void
  onerror?: () => void

  constructor() {
    super()
    sources.push(this)
  }

  close() {
    this.readyState = FakeSource.CLOSED
  }

  say(result: unknown) {
    this.dispatchEvent(new MessageEvent('next', { data: JSON.stringify(result) }))
  }
}

/** Locks of one name after the other, as a browser gives them. */
function newLocks() {
  const held = new Map<string, Promise<unknown>>()
  return {
    async request(name: string, { ifAvailable, signal }: { ifAvailable?: boolean; signal?: AbortSignal }, callback: (lock: object | null) => Promise<unknown>) {
      const holder = held.get(name)
      if (holder && ifAvailable) return callback(null)
      if (holder) {
        await Promise.race([holder, new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))])
      }
      const holding = callback({}).finally(() => held.delete(name))
      held.set(name, holding)
      return holding
    },
  }
}

Object.defineProperty(globalThis, 'EventSource', { value: FakeSource })
Object.defineProperty(globalThis, 'navigator', { value: { locks: newLocks() }, configurable: true })

const tabs: Live[] = []
after(() => tabs.forEach((tab) => tab.follow(undefined)))

/** A tab of a member, and what it has heard. */
function open(member: string): { tab: Live; heard: string[] } {
  const tab = new Live('/graphql', 0)
  tabs.push(tab)
  const heard: string[] = []
  for (const kind of ['FOSTERING', 'REFETCH'] as const) tab.on(kind, (id) => heard.push([kind, id].join(' ').trim()))
  tab.follow(member)
  return { tab, heard }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

const event = (id: string) => ({ data: { viewerEvents: { kind: 'FOSTERING', id } } })

test('Tabs of a member have one stream, and another tab takes it over', async () => {
  const before = sources.length
  const [first, second] = [open('ada'), open('ada')]
  await settle()
  assert.equal(sources.length - before, 1)
  const stream = sources.at(-1)!
  stream.onopen!()
  stream.say(event('1'))
  await settle()
  assert.deepEqual([first.heard, second.heard], [['FOSTERING 1'], ['FOSTERING 1']])
  stream.onopen!() // The browser has connected again.
  await settle()
  assert.deepEqual(second.heard, ['FOSTERING 1', 'REFETCH'])

  first.tab.follow(undefined)
  await settle()
  assert.equal(stream.readyState, FakeSource.CLOSED)
  assert.equal(sources.length - before, 2)
  sources.at(-1)!.onopen!()
  await settle()
  sources.at(-1)!.say(event('2'))
  assert.deepEqual(second.heard, ['FOSTERING 1', 'REFETCH', 'REFETCH', 'FOSTERING 2'])
  assert.deepEqual(first.heard, ['FOSTERING 1', 'REFETCH'])
})

test('A server that stops is not asked', async () => {
  const { heard } = open('anton')
  await settle()
  const stream = sources.at(-1)!
  stream.onopen!()
  stream.say({ data: { viewerEvents: { kind: 'REFETCH', id: null } } })
  stream.dispatchEvent(new MessageEvent('complete', { data: '' }))
  await settle()
  assert.deepEqual(heard, [])
  stream.onopen!()
  await settle()
  assert.deepEqual(heard, ['REFETCH'])
})

test('Tabs of different members hear nothing of each other', async () => {
  const before = sources.length
  const [bob, cleo] = [open('bob'), open('cleo')]
  await settle()
  assert.equal(sources.length - before, 2)
  sources.at(-2)!.say(event('1'))
  await settle()
  assert.deepEqual([bob.heard, cleo.heard], [['FOSTERING 1'], []])
})

test('A stream is over when its session is', async () => {
  const { heard } = open('dora')
  await settle()
  const [stream, before] = [sources.at(-1)!, sources.length]
  stream.say({ data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  await settle()
  assert.equal(stream.readyState, FakeSource.CLOSED)
  assert.equal(sources.length, before)
  assert.deepEqual(heard, [])
})

test('A stream that is refused is tried again later', async (t) => {
  open('emil')
  await settle()
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const [stream, before] = [sources.at(-1)!, sources.length]
  stream.onerror!() // It is cut, and the browser opens it again.
  stream.readyState = FakeSource.CLOSED
  stream.onerror!()
  for (let n = 0; n < 10; n++) await Promise.resolve()
  assert.equal(sources.length, before)
  t.mock.timers.tick(60_000)
  for (let n = 0; n < 10; n++) await Promise.resolve()
  assert.equal(sources.length, before + 1)
})

test('A page whose stream opens late asks for what it has missed', async (t) => {
  for (const [took, want] of [[1_000, []], [3_000, ['REFETCH']]] as const) {
    t.mock.timers.enable({ apis: ['Date'] })
    const { heard } = open(`gerda ${took}`)
    await settle()
    t.mock.timers.tick(took)
    sources.at(-1)!.onopen!()
    await settle()
    assert.deepEqual(heard, want)
    t.mock.timers.reset()
  }
})

test('A page that its member comes back to asks for what it has missed', async () => {
  const { tab, heard } = open('fritz')
  tab.follow(undefined)
  tab.follow('fritz')
  await settle()
  assert.deepEqual(heard, ['REFETCH'])
})

test('A browser without locks hears nothing', async () => {
  const { navigator } = globalThis
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true })
  const before = sources.length
  open('gustav')
  await settle()
  assert.equal(sources.length, before)
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true })
})
