import assert from 'node:assert/strict'
import { test } from 'node:test'
import { de as german } from './de.ts'
import { en as english } from './en.ts'
import { messages as germanMessages } from './messages.de.ts'
import { messages as englishMessages } from './messages.en.ts'
import { references as germanReferences } from './references.de.ts'
import { references as englishReferences } from './references.en.ts'

const en = { ...english, kratos: englishMessages, references: englishReferences }
const de = { ...german, kratos: germanMessages, references: germanReferences }

/** Returns the paths of all texts; those of functions end with the number of their parameters. */
function pathsOf(texts: object, path = ''): string[] {
  return Object.entries(texts).flatMap(([key, text]: [string, unknown]) => {
    if (typeof text === 'object' && text !== null) return pathsOf(text, `${path}${key}.`)
    return typeof text === 'function' ? `${path}${key}(${text.length})` : path + key
  })
}

function emptyOf(texts: object, path = ''): string[] {
  return Object.entries(texts).flatMap(([key, text]: [string, unknown]) => {
    if (typeof text === 'object' && text !== null) return emptyOf(text, `${path}${key}.`)
    return text === '' ? path + key : []
  })
}

test('German has every text of English', () => {
  const german = new Set(pathsOf(de))
  assert.deepEqual(
    pathsOf(en).filter((path) => !german.has(path)),
    [],
  )
})

test('English has every text of German', () => {
  const english = new Set(pathsOf(en))
  assert.deepEqual(
    pathsOf(de).filter((path) => !english.has(path)),
    [],
  )
})

test('No text is empty', () => {
  assert.deepEqual([...emptyOf(en), ...emptyOf(de)], [])
})
