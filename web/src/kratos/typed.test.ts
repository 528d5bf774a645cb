import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normalAddress, plain, plainAddress, plainCode } from './typed.ts'

const nbsp = '\u00a0'

for (const typed of ['123456', ' 123456', '123456 \n', '123 456', '12 34 56', '123-456', `123${nbsp}456`, '123\u2013456', '123\u200b456', '１２３４５６', '１２３　４５６', '123.456']) {
  test(`plainCode: ${JSON.stringify(typed)} is 123456`, () => assert.equal(plainCode(typed), '123456'))
}

test('plainCode makes the letters of recovery codes small', () => assert.equal(plainCode(' AB12-cd34 '), 'ab12cd34'))

test('plainCode leaves alone what is no code', () => {
  for (const typed of ['', '-', ' ']) assert.equal(plainCode(typed), typed)
})

for (const [typed, want] of [
  ['ada@example.org', 'ada@example.org'],
  [` Ada@Example.org${nbsp}`, 'Ada@Example.org'], // Kratos makes letters small.
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
  ['ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
  ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ['ada@straße.example', 'ada@xn--strae-oqa.example'],
  ['ada@例え。テスト', 'ada@xn--r8jz45g.xn--zckzah'],
  ['ada@ｅｘａｍｐｌｅ.org', 'ada@example.org'],
  ['zoë@bücher.example', 'zoë@xn--bcher-kva.example'],
  // Letters that look alike stay apart, before the domain and in it.
  ['аda@example.org', 'аda@example.org'],
  ['ada@exаmple.org', 'ada@xn--exmple-4nf.org'],
  // No domain.
  ['ada', 'ada'],
  ['bücher', 'bücher'],
  ['ada@bücher.example/@evil.example', 'ada@bücher.example/@evil.example'],
  ['ada@bücher.example:80', 'ada@bücher.example:80'],
  ['ada@bücher%2eexample', 'ada@bücher%2eexample'],
  ['ada@１２７.1', 'ada@１２７.1'],
  ['ada@ü ü.example', 'ada@ü ü.example'],
] as const) {
  test(`plainAddress: ${typed}`, () => assert.equal(plainAddress(typed), want))
}

test('normalAddress is the same for each way to type an address', () => {
  for (const typed of ['ada@bücher.example', ' Ada@BÜCHER.example', 'ADA@XN--BCHER-KVA.example']) assert.equal(normalAddress(typed), 'ada@xn--bcher-kva.example')
})

test('plain changes codes and addresses wherever they are, and nothing else', () => {
  const password = ' a Cat-Named １２ '
  assert.deepEqual(
    plain({ identifier: 'ada@bücher.example', password, totp_code: '123 456', method: 'code', terms: true, traits: { email: 'ada@bücher.example', name: 'A-1' } }),
    {
      identifier: 'ada@xn--bcher-kva.example', password, totp_code: '123456', method: 'code', terms: true,
      traits: { email: 'ada@xn--bcher-kva.example', name: 'A-1' },
    },
  )
})

test('plain asks for another code although an old one is still in the field', () => {
  assert.deepEqual(plain({ code: '000000', email: 'ada@example.org' }), { email: 'ada@example.org' })
})
