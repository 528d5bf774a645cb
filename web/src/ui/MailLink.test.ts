import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailTo } from './MailLink.tsx'

for (const [address, want] of [
  ['ada@example.org', 'mailto:ada@example.org'],
  ['ada+cats@example.org', 'mailto:ada%2Bcats@example.org'],
  ['ada?bcc=mallory@example.org', 'mailto:ada%3Fbcc%3Dmallory@example.org'],
  ['ada&subject=x@example.org', 'mailto:ada%26subject%3Dx@example.org'],
  ['ada%3Fbcc=x@example.org', 'mailto:ada%253Fbcc%3Dx@example.org'],
  ['zoë@example.org', 'mailto:zo%C3%AB@example.org'],
  ['"a@b"@example.org', 'mailto:%22a%40b%22@example.org'],
  ['nobody', 'mailto:nobody'],
] as const) {
  test(`mailTo: ${address}`, () => assert.equal(mailTo(address), want))
}
