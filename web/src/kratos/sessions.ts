import * as limits from '../api/limits'
import { call } from './client'

const DAY = 86_400_000

/** Where somebody is logged in. */
export interface Session {
  id: string
  userAgent?: string
  /** When the last login was. */
  loggedIn: string
  /** A time after which the session has been used for a day at most: it is extended once a day if it is used. */
  used: string
}

interface KratosSession {
  id: string
  authenticated_at: string
  expires_at: string
  devices?: { user_agent?: string }[]
}

export function sessionOf({ id, authenticated_at: loggedIn, expires_at: expires, devices }: KratosSession): Session {
  const extended = new Date(Date.parse(expires) - limits.SESSION_DAYS * DAY).toISOString()
  return { id, userAgent: devices?.[0]?.user_agent, loggedIn, used: extended > loggedIn ? extended : loggedIn }
}

/** Reports whether a session has perhaps been used in the last 24 hours. */
export const isRecent = ({ used }: Session, now = Date.now()) => now - Date.parse(used) < DAY

/** Returns the session of this browser and the member's others, the latest login first; or the status of an answer that has none. */
export async function loadSessions(): Promise<{ own: Session; others: Session[] } | number> {
  const [own, others] = await Promise.all([call('/sessions/whoami'), call('/sessions?per_page=100')])
  const failed = [own, others].find(({ status }) => status !== 200)
  if (failed) return failed.status
  return { own: sessionOf(own.body as unknown as KratosSession), others: (others.body as unknown as KratosSession[]).map(sessionOf) }
}

/** Ends another session, or all others, and returns the status of the answer. A session that has ended already is none. */
export async function endSession(id?: string): Promise<number> {
  const { status } = await call(id ? `/sessions/${id}` : '/sessions', { method: 'DELETE' })
  return status === 404 ? 204 : status
}

/**
 * Has Kratos renew the cookie of the session, if the session ends later than the cookie, and reports whether there is a session.
 */
export const renewCookie = async (): Promise<boolean> => (await call('/sessions/whoami')).status === 200
