import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claim, forgetClaim, isClaimed, passwordOf } from './claim.ts'
import type { Flow } from './flow.ts'

const stored = new Map<string, string>()
Object.defineProperty(globalThis, 'localStorage', {
  value: { getItem: (name: string) => stored.get(name) ?? null, setItem: (name: string, value: string) => stored.set(name, value) },
})

const flow = (id: string, address?: string) =>
  ({ id, ui: { nodes: address ? [{ attributes: { node_type: 'input', name: 'email', value: address } }] : [] } }) as unknown as Flow

test('isClaimed knows the flow and the address of this browser, and no other', () => {
  assert.equal(isClaimed(flow('f', 'ada@example.org')), false)
  claim(' Ada@Example.org', 'f')
  assert.equal(isClaimed(flow('f')), true)
  assert.equal(isClaimed(flow('g', 'ada@example.org')), true)
  assert.equal(isClaimed(flow('g', 'bob@example.org')), false)
  assert.equal(isClaimed(flow('g')), false)
  claim(undefined, 'g')
  assert.equal(isClaimed(flow('g')), true)
  assert.equal(isClaimed(flow('h')), false)
  forgetClaim()
  assert.equal(isClaimed(flow('g', 'ada@example.org')), false)
})

test('passwordOf knows the password of the claimed address, and keeps it out of the storage', () => {
  claim('ada@b\u00fccher.example', 'f', 'secret')
  assert.equal(passwordOf('Ada@xn--bcher-kva.example'), 'secret')
  assert.equal(passwordOf('bob@example.org'), undefined)
  assert.equal(passwordOf(undefined), undefined)
  assert(![...stored.values()].join().includes('secret'))
  claim('ada@example.org', 'g')
  assert.equal(passwordOf('ada@example.org'), undefined)
  claim('ada@example.org', 'g', 'secret')
  forgetClaim()
  assert.equal(passwordOf('ada@example.org'), undefined)
})
