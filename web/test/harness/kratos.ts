// What otherwise needs time to pass in Kratos.
import assert from 'node:assert/strict'

import { required } from './server.ts'

const statementsURL = required('CATFOSTER_KRATOS_STATEMENTS_URL')

/** Executes a statement in Kratos's database. It must change a row. */
async function execute(statement: string): Promise<void> {
  const response = await fetch(statementsURL, { method: 'POST', body: statement })
  assert(response.ok, `${statement}: ${await response.text()}`)
}

/** Lets the flow that a page shows expire. */
export async function expireFlow(kind: string, page: string): Promise<void> {
  const id = new URL(page).searchParams.get('flow') ?? ''
  assert.match(id, /^[0-9a-f-]{36}$/, `${page} names no flow`)
  await execute(`UPDATE selfservice_${kind}_flows SET expires_at = now() - interval '1 minute' WHERE id = '${id}'`)
}

/** Lets a day pass since the logins of a member. */
export async function ageLogins(email: string): Promise<void> {
  assert.match(email, /^[\w.@-]+$/)
  const ofMember = `identity_id IN (SELECT id FROM identities WHERE traits->>'email' = '${email}')`
  await execute(`UPDATE sessions SET authenticated_at = authenticated_at - interval '1 day' WHERE ${ofMember}`)
}
