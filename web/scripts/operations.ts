import { formatDocument, stringifyDocument, type TypedDocumentNode } from 'urql'

/**
 * The operations of the pages, by name: all that a module exports, with the fields __typename that
 * the cache adds. Run by operations.js.
 */
const modules = import.meta.glob<Record<string, unknown>>(['../src/**/*.{ts,tsx}', '!../src/main.tsx', '!../src/**/*.test.ts', '!../src/**/*.d.ts', '!../src/**/*.worker.ts'], {
  eager: true,
})

const isDocument = (value: unknown): value is TypedDocumentNode =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Document'

export function operations(): Map<string, string> {
  const texts = new Map<string, string>()
  for (const value of Object.values(modules).flatMap((module) => Object.values(module))) {
    if (!isDocument(value)) continue
    const definition = value.definitions.find((definition) => definition.kind === 'OperationDefinition')
    if (definition?.name) texts.set(definition.name.value, stringifyDocument(formatDocument(value)))
  }
  return new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)))
}
