// What an operator does in Kratos, and what otherwise needs time to pass there.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

import { password, required } from './server.ts'

const adminURL = required('ORY_KRATOS_ADMIN_URL')
const statementsURL = required('CATFOSTER_KRATOS_STATEMENTS_URL')

/** Executes a statement in Kratos's database. It must change a row. */
async function execute(statement: string): Promise<void> {
  const response = await fetch(statementsURL, { method: 'POST', body: statement })
  assert(response.ok, `${statement}: ${await response.text()}`)
}

/** Creates the identity of a member who has confirmed the address. Nothing is mailed; the first login creates the account. */
export async function createMember(email: string, name: string): Promise<void> {
  const response = await fetch(new URL('/admin/identities', adminURL), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      schema_id: 'member',
      traits: { email, name },
      metadata_public: { id: randomUUID() }, // Of the account, as a sign-up stores it.
      credentials: { password: { config: { password } } },
      verifiable_addresses: [{ value: email, verified: true, via: 'email', status: 'completed' }],
      metadata_admin: { vouched_email: email },
    }),
  })
  assert.equal(response.status, 201, await response.text())
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

/** Lets the codes of the flow that a page shows expire, but not the flow. */
export async function expireCodes(kind: 'verification' | 'recovery', page: string): Promise<void> {
  const id = new URL(page).searchParams.get('flow') ?? ''
  assert.match(id, /^[0-9a-f-]{36}$/, `${page} names no flow`)
  await execute(`UPDATE identity_${kind}_codes SET expires_at = now() - interval '1 minute' WHERE selfservice_${kind}_flow_id = '${id}'`)
}

/** Switches a member's account off, as an operator does by Kratos's admin API. */
export async function deactivate(email: string): Promise<void> {
  assert.match(email, /^[\w.@-]+$/)
  await execute(`UPDATE identities SET state = 'inactive' WHERE traits->>'email' = '${email}'`)
}

/** Lets days pass since the sessions of a member began, and were extended. */
export async function ageSessions(email: string, days: number): Promise<void> {
  assert.match(email, /^[\w.@-]+$/)
  const past = ['authenticated_at', 'issued_at', 'expires_at'].map((column) => `${column} = ${column} - interval '${days} days'`)
  await execute(`UPDATE sessions SET ${past} WHERE identity_id IN (SELECT id FROM identities WHERE traits->>'email' = '${email}')`)
}

/** Uses up recovery codes of a member, but for so many. */
export async function spendRecoveryCodes(email: string, left: number): Promise<void> {
  assert.match(email, /^[\w.@-]+$/)
  await execute(`UPDATE identity_credentials SET config = jsonb_set(config::jsonb, '{recovery_codes}', (
      SELECT jsonb_agg(CASE WHEN n > ${left} THEN code || '{"used_at": "2026-01-01T00:00:00Z"}' ELSE code END)
      FROM jsonb_array_elements(config::jsonb->'recovery_codes') WITH ORDINALITY AS codes(code, n)))
    WHERE config::jsonb ? 'recovery_codes' AND identity_id IN (SELECT id FROM identities WHERE traits->>'email' = '${email}')`)
}
