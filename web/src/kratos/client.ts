import { pageViewer } from '../api/viewer'
import { noteMail } from './countdown'
import { stepOf, type Kind, type Step } from './flow'
import { normalAddress, plain } from './typed'

/** Kratos's public API, on our own origin. */
const KRATOS = '/.ory/kratos/public'

const REQUEST_TIMEOUT = 30_000

/** An answer of Kratos, or status 0 if it cannot be reached. */
interface Answer {
  status: number
  body: Record<string, unknown>
}

/** Calls Kratos. */
export async function call(path: string, init?: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(KRATOS + path, {
      ...init,
      headers: { Accept: 'application/json', ...pageViewer.header(), ...(init?.body ? { 'Content-Type': 'application/json' } : {}) },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
    })
    if (response.status === 412) void pageViewer.doubt('refused')
    if (response.status === 401 && path.startsWith('/sessions')) pageViewer.learn(null)
    const isJSON = response.headers.get('Content-Type')?.includes('application/json')
    const text = await response.text() // Kratos calls an answer without a body JSON too.
    return { status: response.status, body: isJSON && text ? (JSON.parse(text) as Record<string, unknown>) : {} }
  } catch {
    return { status: 0, body: {} }
  }
}

/** Begins a flow. The parameters are those of Kratos: return_to, aal, refresh. */
export async function createFlow(kind: Kind, parameters: URLSearchParams): Promise<Step> {
  const { status, body } = await call(`/self-service/${kind}/browser?${parameters}`)
  // Kratos answers with a redirection too if the session needs a second factor.
  return stepOf(status, body, false)
}

export async function loadFlow(kind: Kind, id: string): Promise<Step> {
  const { status, body } = await call(`/self-service/${kind}/flows?${new URLSearchParams({ id })}`)
  return stepOf(status, body, false)
}

/** Begins a flow after one that has ended. A browser that blocks cookies would do so for ever. */
export async function createFlowAgain(kind: Kind, parameters: URLSearchParams): Promise<Step> {
  const step = await createFlow(kind, parameters)
  if (step.type === 'restart') return { type: 'failed', status: 500 }
  if (step.type === 'show' && (await loadFlow(kind, step.flow.id)).type === 'restart') return { type: 'no-cookies' }
  return step
}

export async function submitFlow(kind: Kind, id: string, values: Record<string, unknown>): Promise<Step> {
  const { status, body } = await call(`/self-service/${kind}?${new URLSearchParams({ flow: id })}`, {
    method: 'POST',
    body: JSON.stringify({ ...plain(values), ...forMails(kind) }),
  })
  if (status === 200 && values.email) noteMail(kind, String(values.email))
  // The settings prove nothing about who sends them, so this is about the session.
  if (status === 401 && kind === 'settings') return { type: 'signed-out' }
  return stepOf(status, body, true)
}

/** Says in which language the mails are that a form may cause. */
const forMails = (kind: Kind) => (kind === 'login' ? {} : { transient_payload: { language: document.documentElement.lang } })

/** Logs in with a password that a page knows: to the account with an address, or again within the session. */
export async function logIn(password: string, to?: { address: string; path: string }): Promise<Step> {
  const begun = await createFlow('login', new URLSearchParams(to ? { return_to: location.origin + to.path } : { refresh: 'true' }))
  if (begun.type !== 'show') return begun
  const known = begun.flow.ui.nodes.flatMap(({ attributes }) =>
    attributes.node_type === 'input' && attributes.value ? [[attributes.name, attributes.value as unknown]] : [],
  )
  return submitFlow('login', begun.flow.id, { identifier: to?.address, ...Object.fromEntries(known), method: 'password', password })
}

/** Reports whether a login has succeeded; the second factor may be missing. */
export const isLoggedIn = ({ type }: Step): boolean => type === 'done' || type === 'redirect'

/** Reports whether the session is that of a recovery, in which a new password must be set before anything else. */
export async function isRecovery(): Promise<boolean> {
  const { body } = await call('/sessions/whoami')
  const methods = (body.authentication_methods ?? []) as { method?: string }[]
  return methods.length > 0 && methods.every(({ method }) => method === 'code_recovery')
}

/** Reports whether the session is that of the account with an address: in another tab, somebody else may have logged in. */
export async function isSessionOf(address: string): Promise<boolean> {
  const { body } = await call('/sessions/whoami')
  const { traits } = (body.identity ?? {}) as { traits?: { email?: string } }
  return !!traits?.email && normalAddress(traits.email) === normalAddress(address)
}

/** Returns what Kratos says about an error, to which it has sent the browser. */
export async function loadError(id: string): Promise<string | undefined> {
  const { body } = await call(`/self-service/errors?${new URLSearchParams({ id })}`)
  const error = body.error as { reason?: string; message?: string } | undefined
  return error?.reason ?? error?.message
}

/** Ends the session and reports whether there is none any more. */
export async function logOut(): Promise<boolean> {
  const { status, body } = await call('/self-service/logout/browser')
  if (status !== 200 && status !== 401) return false
  const token = String(body.logout_token)
  const done = status === 401 || (await call(`/self-service/logout?${new URLSearchParams({ token })}`)).status === 204
  if (done) pageViewer.leave()
  return done
}
