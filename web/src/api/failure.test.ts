import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GraphQLError } from 'graphql'
import { codeOfStatus, failureOf, isChanged, retryAfterOf } from './failure.ts'

const graphQL = (...errors: Record<string, unknown>[]) => ({
  graphQLErrors: errors.map(({ message, ...extensions }) => new GraphQLError(String(message), { extensions })),
})

test('failureOf keeps what helps', () => {
  const failure = failureOf({
    ...graphQL({ message: 'log in again', code: 'FORBIDDEN', redirectTo: '/login' }),
    response: new Response(null, { headers: { 'Retry-After': '7' } }),
  })
  assert.equal(failure.code, 'FORBIDDEN')
  assert.equal(failure.redirectTo, '/login')
  assert.equal(failure.retryAfter, 7)
})

test('failureOf collects the messages of all fields', () => {
  const { code, fields } = failureOf(
    graphQL({ message: 'name must not be empty', code: 'BAD_USER_INPUT', field: 'name' }, { message: 'age must be …', code: 'BAD_USER_INPUT', field: 'age' }),
  )
  assert.equal(code, 'BAD_USER_INPUT')
  assert.deepEqual(fields, { name: 'name must not be empty', age: 'age must be …' })
})

test('failureOf keeps the reason of a conflict', () => {
  const failure = failureOf(graphQL({ message: 'this has changed', code: 'CONFLICT', reason: 'CHANGED_MEANWHILE' }))
  assert.equal(failure.reason, 'CHANGED_MEANWHILE')
  assert.ok(isChanged(failure))
  assert.ok(!isChanged(failureOf(graphQL({ message: 'x', code: 'CONFLICT', reason: 7 }))))
})

test('failureOf keeps the reasons of fields that have one', () => {
  const { fields, reasons } = failureOf(
    graphQL({ message: 'name is bad', code: 'BAD_USER_INPUT', field: 'name', reason: 'NAME_RESERVED' }, { message: 'age is bad', code: 'BAD_USER_INPUT', field: 'age' }),
  )
  assert.deepEqual(fields, { name: 'name is bad', age: 'age is bad' })
  assert.deepEqual(reasons, { name: 'NAME_RESERVED' })
})

test('failureOf calls unknown codes a fault', () => {
  assert.equal(failureOf(graphQL({ message: 'x', code: 'GRAPHQL_VALIDATION_FAILED' })).code, 'INTERNAL_SERVER_ERROR')
})

test('failureOf without an answer is offline', () => {
  assert.equal(failureOf({ graphQLErrors: [], networkError: new TypeError('Failed to fetch') }).code, 'OFFLINE')
})

test('codeOfStatus classifies answers that are not GraphQL', () => {
  assert.equal(codeOfStatus(429), 'RATE_LIMITED')
  assert.equal(codeOfStatus(503), 'UNAVAILABLE')
  assert.equal(codeOfStatus(500), 'INTERNAL_SERVER_ERROR')
})

test('retryAfterOf ignores what is no number of seconds', () => {
  const after = (value: string) => retryAfterOf(new Response(null, { headers: { 'Retry-After': value } }))
  assert.equal(after('0.5'), 1)
  assert.equal(after('Wed, 21 Oct 2026 07:28:00 GMT'), undefined)
  assert.equal(retryAfterOf(undefined), undefined)
})
