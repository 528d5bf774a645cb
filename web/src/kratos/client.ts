import { stepOf, type Kind, type Step } from './flow'

/** Kratos's public API, on our own origin. */
const KRATOS = '/.ory/kratos/public'

const REQUEST_TIMEOUT = 30_000

/** An answer of Kratos, or status 0 if it cannot be reached. */
interface Answer {
  status: number
  body: Record<string, unknown>
}

async function call(path: string, init?: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(KRATOS + path, {
      ...init,
      headers: { Accept: 'application/json', ...(init?.body ? { 'Content-Type': 'application/json' } : {}) },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
    })
    const isJSON = response.headers.get('Content-Type')?.includes('application/json')
    return { status: response.status, body: isJSON ? ((await response.json()) as Record<string, unknown>) : {} }
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

export async function submitFlow(kind: Kind, id: string, values: Record<string, unknown>): Promise<Step> {
  const { status, body } = await call(`/self-service/${kind}?${new URLSearchParams({ flow: id })}`, {
    method: 'POST',
    body: JSON.stringify(values),
  })
  return stepOf(status, body, true)
}

/** Logs in again within the session, and reports whether the password is right. */
export async function logInAgain(password: string): Promise<boolean> {
  const begun = await createFlow('login', new URLSearchParams({ refresh: 'true' }))
  if (begun.type !== 'show') return false
  const known = begun.flow.ui.nodes.flatMap(({ attributes }) =>
    attributes.node_type === 'input' && attributes.value ? [[attributes.name, attributes.value as unknown]] : [],
  )
  const step = await submitFlow('login', begun.flow.id, { ...Object.fromEntries(known), method: 'password', password })
  return step.type === 'done' || step.type === 'redirect'
}

/** Reports whether the session is that of a recovery, in which a new password must be set before anything else. */
export async function isRecovery(): Promise<boolean> {
  const { body } = await call('/sessions/whoami')
  const methods = (body.authentication_methods ?? []) as { method?: string }[]
  return methods.length > 0 && methods.every(({ method }) => method === 'code_recovery')
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
  if (status === 401) return true
  if (status !== 200) return false
  const token = String(body.logout_token)
  return (await call(`/self-service/logout?${new URLSearchParams({ token })}`)).status === 204
}
