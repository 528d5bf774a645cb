// The tabs that a new visitor finds: the tour of the README. Each is a document with its
// variables; a Go test holds the documents valid.
const documents = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true })
const variables = import.meta.glob<string>('./examples/*.json', { query: '?raw', import: 'default', eager: true })

/** Writes the days that an example names: "in 7 days". */
const withDays = (text: string) =>
  text.replace(/in (\d+) days/g, (_, days: string) => new Date(Date.now() + Number(days) * 86_400_000).toISOString().slice(0, 10))

export const examples = Object.keys(documents)
  .sort()
  .map((file) => ({
    query: documents[file]!.trim(),
    variables: withDays(variables[file.replace('.graphql', '.json')]?.trim() ?? '') || null,
  }))
