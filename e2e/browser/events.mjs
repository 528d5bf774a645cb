// A reporter for Node's test runner that writes the events of `go test -json`, for e2e/report.
import { basename } from 'node:path'
import { inspect } from 'node:util'

const Package = 'web/test'

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* report(source) {
  const file = basename(process.argv[1] ?? '')
  const event = (fields) => JSON.stringify({ Package, ...fields }) + '\n'
  const started = performance.now()
  let failed = false
  for await (const { type, data } of source) {
    if (type === 'test:stdout' || type === 'test:stderr') yield event({ Action: 'output', Output: data.message })
    // What fails after its test has ended is of no test, but Node's exit status says that it has failed.
    if (type === 'test:diagnostic' && data.message.startsWith('Error: ')) {
      failed = true
      yield event({ Action: 'output', Output: data.message + '\n' })
    }
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details.type === 'suite') continue
    const Test = `${file}: ${data.nesting > 0 ? '/' : ''}${data.name}` // The slash marks parts of tests, as in Go.
    if (type === 'test:fail') {
      failed = true
      yield event({ Action: 'output', Test, Output: `--- FAIL: ${Test}\n${inspect(data.details.error, { depth: 8 })}\n` })
    }
    const Action = data.skip ? 'skip' : type.slice('test:'.length)
    yield event({ Action, Test, Elapsed: data.details.duration_ms / 1000 })
  }
  const Elapsed = (performance.now() - started) / 1000
  yield event({ Action: 'output', Output: `${failed ? 'FAIL' : 'ok  '}\t${Package}/${file}\t${Elapsed.toFixed(3)}s\n` })
  yield event({ Action: failed ? 'fail' : 'pass', Elapsed })
}
