import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UiNode } from '@ory/client-fetch'
import { addressOf, groupsOf, isVerified, keyOf, nameOf, stepOf, withAddress, type Flow } from './flow.ts'

const flow = { id: 'f', ui: { nodes: [] } }
const withMessage = (message: { id: number; text: string }) => ({ id: 'f', ui: { nodes: [], messages: [message] } })
const redirect = { action: 'redirect_browser_to', redirect_browser_to: 'https://cats.example.org/' } as const
const verification = { action: 'show_verification_ui', flow: { id: 'v', verifiable_address: 'a@example.org' } } as const

for (const { name, status, answer, submitted = true, want } of [
  { name: 'a new flow is shown', status: 200, answer: flow, submitted: false, want: { type: 'show', flow } },
  { name: 'a form with problems is shown again', status: 400, answer: flow, want: { type: 'show', flow } },
  { name: 'a login is done', status: 200, answer: { session: {} }, want: { type: 'done' } },
  {
    name: 'another flow is preferred to a redirection',
    status: 200,
    answer: { ...flow, continue_with: [redirect, verification] },
    want: { type: 'continue', kind: 'verification', id: 'v' },
  },
  {
    name: 'a redirection is followed',
    status: 200,
    answer: { ...flow, continue_with: [redirect] },
    want: { type: 'redirect', url: redirect.redirect_browser_to },
  },
  {
    name: 'a redirection to the page of the same flow is not followed',
    status: 200,
    answer: { ...flow, continue_with: [{ ...redirect, redirect_browser_to: 'https://cats.example.org/settings?flow=f' }] },
    want: { type: 'show', flow: { ...flow, continue_with: [{ ...redirect, redirect_browser_to: 'https://cats.example.org/settings?flow=f' }] } },
  },
  {
    name: 'what continues a flow is not repeated when it is loaded again',
    status: 200,
    answer: { ...flow, continue_with: [redirect] },
    submitted: false,
    want: { type: 'show', flow: { ...flow, continue_with: [redirect] } },
  },
  { name: 'the second factor is a redirection', status: 422, answer: { redirect_browser_to: '/login' }, want: { type: 'redirect', url: '/login' } },
  {
    name: 'a recent login is a redirection',
    status: 403,
    answer: { error: { id: 'session_refresh_required' }, redirect_browser_to: '/login' },
    want: { type: 'redirect', url: '/login' },
  },
  { name: 'an expired flow starts anew', status: 410, answer: { error: { id: 'self_service_flow_expired' } }, want: { type: 'restart' } },
  { name: 'a flow of another browser starts anew', status: 403, answer: { error: { id: 'security_csrf_violation' } }, want: { type: 'restart' } },
  { name: 'a session makes a login needless', status: 400, answer: { error: { id: 'session_already_available' } }, want: { type: 'signed-in' } },
  {
    name: 'a login in another window meanwhile makes a form needless',
    status: 400,
    answer: withMessage({ id: 4000001, text: 'A valid session was detected and thus login is not possible. Did you forget to set `?refresh=true`?' }),
    want: { type: 'signed-in' },
  },
  { name: 'another refusal is shown', status: 400, answer: withMessage({ id: 4000001, text: 'No.' }), want: { type: 'show', flow: withMessage({ id: 4000001, text: 'No.' }) } },
  { name: 'a form from before a recovery starts anew', status: 400, answer: withMessage({ id: 9000005, text: '' }), want: { type: 'restart' } },
  { name: 'a deactivated account is named', status: 401, answer: { error: { reason: 'This account was disabled.' } }, want: { type: 'deactivated' } },
  { name: 'a session that has ended is none', status: 401, answer: { error: {} }, submitted: false, want: { type: 'signed-out' } },
  {
    name: 'too many wrong codes of a verification lead to the next one',
    status: 410,
    answer: { error: { id: 'self_service_flow_replaced' }, use_flow_id: 'g' },
    want: { type: 'restart', next: 'g' },
  },
  {
    name: 'too many wrong codes of a recovery lead to the next one',
    status: 400,
    answer: { error: { details: { continue_with: [{ action: 'show_recovery_ui', flow: { id: 'g' } }] } } },
    want: { type: 'restart', next: 'g' },
  },
  { name: 'settings need a session', status: 401, answer: { error: { id: 'session_inactive' } }, want: { type: 'signed-out' } },
  { name: 'a form that must wait is shown again', status: 429, answer: flow, want: { type: 'show', flow } },
  { name: 'a network that must wait is a failure', status: 429, answer: { error: { id: 'RATE_LIMITED' } }, want: { type: 'failed', status: 429 } },
  { name: 'a failing server is a failure', status: 503, answer: {}, want: { type: 'failed', status: 503 } },
]) {
  test(`stepOf: ${name}`, () => assert.deepEqual(stepOf(status, answer as Parameters<typeof stepOf>[1], submitted), want))
}

const input = (name: string, group: string, type = 'text', value?: string) =>
  ({ group, type: 'input', messages: [], meta: {}, attributes: { node_type: 'input', name, type, value, disabled: false } }) as unknown as UiNode

test('keyOf tells the buttons of two providers apart', () => {
  assert.notEqual(keyOf(input('provider', 'oidc', 'submit', 'one')), keyOf(input('provider', 'oidc', 'submit', 'two')))
})

test('groupsOf makes a form of a flow that has nodes of no method', () => {
  assert.deepEqual(groupsOf([input('identifier', 'default')]).map(({ nodes }) => nodes.length), [1])
})

test('groupsOf makes one form per group, with its fields in order and the button last', () => {
  const groups = groupsOf([
    input('csrf_token', 'default', 'hidden'),
    input('method', 'password', 'submit'),
    input('traits.email', 'password'),
    input('password', 'password', 'password'),
    input('traits.name', 'password'),
    input('totp_code', 'totp'),
  ])
  assert.deepEqual(
    groups.map(({ name, nodes }) => [name, nodes.map(nameOf)]),
    [
      ['password', ['traits.name', 'traits.email', 'password', 'csrf_token', 'method']],
      ['totp', ['totp_code', 'csrf_token']],
    ],
  )
})

const flowOf = (...nodes: UiNode[]) => ({ id: 'f', ui: { nodes } }) as unknown as Flow

test('withAddress fills empty fields alone', () => {
  const filled = withAddress(flowOf(input('identifier', 'default'), input('traits.email', 'profile', 'email', 'bob@example.org'), input('name', 'profile')), 'ada@example.org')
  assert.deepEqual(
    filled.ui.nodes.map(({ attributes }) => 'value' in attributes && attributes.value),
    ['ada@example.org', 'bob@example.org', undefined],
  )
})

test('withAddress offers another code where Kratos does not', () => {
  const signUp = withAddress(flowOf(input('code', 'code')), 'ada@example.org')
  assert.deepEqual(signUp.ui.nodes.map(nameOf), ['code', 'email'])
  assert.equal(addressOf(signUp), 'ada@example.org')
  assert.equal(withAddress(signUp, 'ada@example.org').ui.nodes.length, 2)
  assert.equal(withAddress(flowOf(input('code', 'code')), undefined).ui.nodes.length, 1)
})

test('isVerified takes a code that was used in another window for a success', () => {
  assert.equal(isVerified(withMessage({ id: 4070002, text: '' }) as unknown as Flow), true)
  assert.equal(isVerified(withMessage({ id: 4070006, text: '' }) as unknown as Flow), false)
})
