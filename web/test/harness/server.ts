// The program under test. Command browser in e2e/browser supplies its configuration.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { writeManifest } from './operations.ts'
import { until } from './until.ts'

/** Returns a variable that command browser sets. */
export function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run these tests by make test-web`)
  return value
}

const program = required('CATFOSTER_PROGRAM')

/** The origin of the pages. */
export const url = required('CATFOSTER_URL')
/** The page of the mail catcher. */
export const mailURL = required('CATFOSTER_MAIL_URL')
/** The variables of a program that runs whatever it is sent, and serves the playground. */
export const anyOperation = { TRUSTED_DOCUMENTS: 'false', PLAYGROUND: 'true' }

/** The password of everybody in the tests. */
export const password = 'a-cat-named-Godard-7'

let running: ChildProcess | undefined

/**
 * Starts the program, with other variables if any, and returns when it is ready; or merely alive, if the variables keep it from
 * being ready. It runs registered operations only: what the pages send there, they can send everywhere.
 */
export async function startServer(variables: Record<string, string> = {}, health: 'ready' | 'alive' = 'ready'): Promise<void> {
  const manifest = join(dirname(required('CATFOSTER_LOG')), 'operations.json')
  writeManifest(manifest)
  const registeredOnly = { TRUSTED_DOCUMENTS: 'true', PLAYGROUND: 'false', OPERATION_MANIFESTS: manifest }
  const log = createWriteStream(required('CATFOSTER_LOG'), { flags: 'a' })
  running = spawn(program, ['serve'], { env: { ...process.env, ...registeredOnly, ...variables }, stdio: ['ignore', 'pipe', 'pipe'] })
  running.stdout!.pipe(log, { end: false })
  running.stderr!.pipe(log, { end: false })
  await until(`the server is ${health}`, async () => {
    if (running!.exitCode !== null) throw new Error(`the server has ended with the status ${running!.exitCode}`)
    return fetch(`${url}/health/${health}`).then(
      (response) => response.ok,
      () => false,
    )
  })
}

/** Stops the program and returns when it has ended. */
export async function stopServer(): Promise<void> {
  const server = running
  running = undefined
  if (!server || server.exitCode !== null) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await ended
}

/** Runs a command of the program, such as `user verify`. */
export async function command(...parameters: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, parameters, { env: { ...process.env, CATFOSTER_PASSWORD: password } })
  return stdout
}
