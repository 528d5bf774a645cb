// Writes the manifest of the operations, a JSON object of hash to text, which the server reads, and the
// hashes by name for the pages.
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'vite'

const idsFile = new URL('../src/api/operationIds.json', import.meta.url)
const manifestFile = new URL('../operations.json', import.meta.url)

const server = await createServer({ server: { middlewareMode: true, ws: false }, appType: 'custom', logLevel: 'error' })
try {
  const { operations } = await server.ssrLoadModule('/scripts/operations.ts')
  const named = [...operations()].map(([name, text]) => ({ name, text, id: createHash('sha256').update(text).digest('hex') }))
  const write = (file, entries) => writeFile(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`)
  await write(manifestFile, named.map(({ id, text }) => [id, text]))
  await write(idsFile, named.map(({ id, name }) => [name, id]))
} finally {
  await server.close()
}
