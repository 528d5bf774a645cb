import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linksIn } from './links.ts'

for (const [text, ...links] of [
  ['Hello'],
  ['See https://example.org.', 'https://example.org'],
  ['See (https://example.org/a_(b)), or http://example.org:8080/?q=1&r=2#s!', 'https://example.org/a_(b)', 'http://example.org:8080/?q=1&r=2#s'],
  ['HTTPS://EXAMPLE.ORG/Ä', 'HTTPS://EXAMPLE.ORG/Ä'],
  ['“https://example.org/a”', 'https://example.org/a'],
  ['https://example.org\nhttps://example.com', 'https://example.org', 'https://example.com'],
  ['<a href="https://example.org/">x</a>', 'https://example.org/'],
  ['javascript:alert(1) data:text/html,x mailto:ada@example.org ftp://example.org //example.org www.example.org'],
  ['xhttps://example.org https:// https://. http:example.org'],
  ['https://bank.example@evil.example https://ada:secret@example.org/'],
  ['https://example.org/\u202egpj.exe', 'https://example.org/'],
  ['https://exa\u200bmple.org', 'https://exa'],
] as const) {
  test(`Links in ${JSON.stringify(text)}`, () => {
    const parts = linksIn(text)
    assert.equal(parts.map((part) => part.text).join(''), text, 'the whole text')
    assert.deepEqual(parts.flatMap((part) => (part.href ? [part.text] : [])), links)
    for (const { href } of parts) assert.match(href ?? 'https://', /^https?:\/\//)
  })
}
