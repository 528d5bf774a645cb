import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notSent } from './send.ts'

const body = (code: string, more: object = {}) => JSON.stringify({ errors: [{ message: 'why', extensions: { code, ...more } }] })

for (const { status, answer, retryAfter = null, code, problem, reason, wait } of [
  { status: 0, answer: '', code: 'OFFLINE' },
  { status: 408, answer: body('BAD_USER_INPUT'), code: 'OFFLINE' },
  { status: 401, answer: body('UNAUTHENTICATED'), code: 'UNAUTHENTICATED' },
  { status: 403, answer: body('FORBIDDEN'), code: 'FORBIDDEN' },
  { status: 413, answer: body('BAD_USER_INPUT'), code: 'BAD_USER_INPUT', problem: 'size' },
  { status: 413, answer: '<html>of a proxy', code: 'INTERNAL_SERVER_ERROR', problem: 'size' },
  { status: 415, answer: body('BAD_USER_INPUT'), code: 'BAD_USER_INPUT', problem: 'format' },
  { status: 422, answer: body('BAD_USER_INPUT'), code: 'BAD_USER_INPUT', problem: 'broken' },
  { status: 429, answer: body('RATE_LIMITED'), retryAfter: '30', code: 'RATE_LIMITED', wait: 30 },
  { status: 429, answer: '', retryAfter: '30', code: 'RATE_LIMITED', wait: 30 },
  { status: 409, answer: body('CONFLICT', { reason: 'QUOTA_EXCEEDED' }), code: 'CONFLICT', reason: 'QUOTA_EXCEEDED' },
  { status: 503, answer: '{"errors":[]}', code: 'UNAVAILABLE' },
  { status: 200, answer: 'null', code: 'INTERNAL_SERVER_ERROR' },
]) {
  test(`notSent ${status} ${answer.slice(0, 60)}`, () => {
    const failure = notSent(status, answer, retryAfter)
    assert.deepEqual([failure.code, failure.problem, failure.reason, failure.retryAfter], [code, problem, reason, wait])
  })
}
