import assert from 'node:assert/strict'
import test from 'node:test'
import { secondsLeft } from './countdown'

test('Another code is mailed a minute after the last of the same kind to the same address', () => {
  for (const [noted, now, want] of [
    ['recovery a@b.example 1000000', 1_000_000, 60],
    ['recovery a@b.example 1000000', 1_059_001, 1],
    ['recovery a@b.example 1000000', 1_060_000, 0],
    ['recovery other@b.example 1000000', 1_000_000, 0],
    ['verification a@b.example 1000000', 1_000_000, 0],
    ['recovery a@b.example 1000000', 900_000, 0], // The clock was set back.
    ['recovery a@b.example nonsense', 1_000_000, 0],
    ['', 1_000_000, 0],
    [null, 1_000_000, 0],
  ] as const) {
    assert.equal(secondsLeft(noted, 'recovery', 'A@b.example', now), want, `${noted} at ${now}`)
  }
})
