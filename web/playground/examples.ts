// The tabs that a new visitor finds: the tour of the README. Each is a document with its
// variables; a Go test holds the documents valid.
const documents = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true })
const variables = import.meta.glob<string>('./examples/*.json', { query: '?raw', import: 'default', eager: true })

export const examples = Object.keys(documents)
  .sort()
  .map((file) => ({ query: documents[file]!.trim(), variables: variables[file.replace('.graphql', '.json')]?.trim() ?? null }))
