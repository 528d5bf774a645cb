import { useEffect, useState } from 'react'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { codeOfStatus, type Code, type Failure } from '../api/failure'
import { pageViewer } from '../api/viewer'
import { claim } from './claim'
import { createFlow, createFlowAgain, isRecovery, isSessionOf, loadFlow, submitFlow } from './client'
import { addressOf, withAddress, type Flow, type Kind, type Step } from './flow'
import { loginPath, ownPath, withReturn } from './location'
import { plainAddress } from './typed'

/** What a page needs to show a flow. */
export interface FlowState {
  flow?: Flow
  failure?: Failure
  /** Whether the flow has taken the place of one that expired. */
  restarted: boolean
  /** Where the visitor wanted to go, a path. */
  returnTo?: string
  /** The address of the account, as far as the visitor has typed it or Kratos names it. */
  address?: string
  /** Where another address is entered, a path. */
  wrongAddress: string
  busy: boolean
  /** Sends a form. What must be done before the page is left for another one is done then. */
  submit: (values: Record<string, unknown>, beforeLeaving?: () => Promise<unknown>) => Promise<void>
  retry: () => void
}

/** What an account page tells the next one. The browser keeps it with its history, but not in the address. */
export interface Handover {
  address?: string
  /** The kind of flow that has led to the page. */
  from?: Kind
}

/** Returns the email address that a form has sent. */
function typedAddress({ identifier, email, traits }: Record<string, unknown>): string | undefined {
  const typed = identifier ?? email ?? (traits as { email?: unknown } | undefined)?.email
  return typeof typed === 'string' && typed ? plainAddress(typed) : undefined
}

/**
 * Loads the flow that the URL names, or begins one, and takes the steps that follow. What the
 * visitor has typed stays on the page when a flow is replaced.
 */
export function useFlow(kind: Kind): FlowState {
  const [parameters] = useSearchParams()
  const navigate = useNavigate()
  const handover = (useLocation().state ?? {}) as Handover
  const [flow, setFlow] = useState<Flow>()
  const [failure, setFailure] = useState<Failure>()
  const [restarted, setRestarted] = useState(false)
  const [busy, setBusy] = useState(false)
  // What Kratos did not get, to send it again.
  const [unsent, setUnsent] = useState<Record<string, unknown>>()
  const [attempt, setAttempt] = useState(0)
  const [known, setKnown] = useState<string>()

  const address = known ?? handover.address
  const id = parameters.get('flow')
  const returnTo = ownPath(flow?.return_to) ?? ownPath(parameters.get('return_to'))

  function begin(create = createFlow) {
    const wanted = new URLSearchParams()
    for (const name of ['aal', 'refresh']) if (parameters.has(name)) wanted.set(name, parameters.get(name)!)
    if (returnTo) wanted.set('return_to', location.origin + returnTo)
    return create(kind, wanted)
  }

  /** Puts the flow into the URL, so that it can be loaded again. */
  function remember(next: Kind, flowId: string, replace: boolean, address?: string) {
    const query = new URLSearchParams({ flow: flowId })
    if (returnTo) query.set('return_to', returnTo)
    const state: Handover = { address, from: next === kind ? handover.from : kind }
    void navigate(`/${next}?${query}`, { replace, state })
  }

  function show(next: Flow, typed: string | undefined) {
    const named = typed ?? addressOf(next) ?? address
    setFlow(withAddress(next, named))
    setKnown(named)
    if (next.id !== id || named !== handover.address) remember(kind, next.id, true, named)
  }

  async function take(step: Step, typed?: string): Promise<void> {
    setFailure(undefined)
    switch (step.type) {
      case 'show':
        if (!belongs(step.flow)) return location.reload()
        return (await isKnown(step.flow)) ? show(step.flow, typed) : setFailure(UNKNOWN)
      case 'continue':
        if (step.kind !== kind) setFlow(undefined)
        return remember(step.kind, step.id, false, typed ?? address)
      case 'restart': {
        // A code ends before its form does, and Kratos's next form says why.
        if (step.next && (kind === 'verification' || kind === 'recovery')) return remember(kind, step.next, true, typed ?? address)
        const next = await begin(createFlowAgain)
        // What one member has typed must not become the next one's.
        if (flow && next.type === 'show' && identityOf(flow)?.id !== identityOf(next.flow)?.id) return location.reload()
        setRestarted(next.type === 'show' && flow !== undefined)
        return take(next, typed)
      }
      case 'redirect':
        return location.assign(step.url)
      // A new document, so that nothing of a former visitor is left.
      case 'done':
        return location.assign(returnTo ?? '/')
      case 'signed-in': {
        if (typed && !(await isSessionOf(typed))) return pageViewer.doubt('refused')
        // The API takes the session of a recovery for none.
        const path = returnTo ?? '/'
        return location.assign((await isRecovery()) ? `/settings?new_password&return_to=${encodeURIComponent(path)}` : path)
      }
      case 'signed-out':
        pageViewer.learn(null)
        // A page that has shown a member says so itself.
        if (pageViewer.current().type === 'own') void navigate(loginPath(`/${kind}`), { replace: true })
        return
      case 'deactivated':
      case 'no-cookies':
      case 'failed':
        return setFailure(failureOf(step))
    }
  }

  useEffect(() => {
    if (id && id === flow?.id) return
    let current = true
    void (id ? loadFlow(kind, id) : begin()).then((step) => {
      if (current) return take(step)
    })
    return () => {
      current = false
    }
    // The other values belong to the same kind, address and attempt.
  }, [kind, parameters, attempt]) // oxlint-disable-line react-hooks/exhaustive-deps

  async function submit(values: Record<string, unknown>, beforeLeaving?: () => Promise<unknown>) {
    if (!flow || busy) return
    setBusy(true)
    setRestarted(false)
    const typed = typedAddress(values)
    const step = await submitFlow(kind, flow.id, values)
    if (step.type === 'continue' && step.kind === 'verification') claim(typed, step.id, values.password)
    setUnsent(step.type === 'failed' ? values : undefined)
    if (step.type === 'redirect') await beforeLeaving?.()
    await take(step, typed)
    setBusy(false)
  }

  const retry = () => (unsent ? void submit(unsent) : setAttempt(attempt + 1))
  const wrongAddress = withReturn(`/${handover.from ?? kind}`, returnTo)
  return { flow, failure, restarted, returnTo, address, wrongAddress, busy, submit, retry }
}

const CODES: Partial<Record<Step['type'], Code>> = { deactivated: 'DEACTIVATED', 'no-cookies': 'COOKIES' }

/** Returns what keeps the visitor from going on after a step that leads nowhere. */
export const failureOf = (step: Step): Failure => ({
  code: CODES[step.type] ?? codeOfStatus(step.type === 'failed' ? step.status : 500),
  message: '',
  fields: {},
})

const identityOf = (flow: Flow) => ('identity' in flow ? flow.identity : undefined)

/** The failure of a page that cannot find out whose it is. */
export const UNKNOWN = failureOf({ type: 'failed', status: 503 })

/** Reports whether a flow belongs to the member of the page, and makes it the page of that member if it has none. */
function belongs(flow: Flow): boolean {
  const identity = identityOf(flow)
  const { id } = (identity?.metadata_public ?? {}) as { id?: string }
  const { name = '' } = (identity?.traits ?? {}) as { name?: string }
  return !id || pageViewer.belongTo({ id, name })
}

/** Reports whether it is known whose page it is, before anything can be sent that acts on the session. */
async function isKnown(flow: Flow): Promise<boolean> {
  const acts = identityOf(flow) !== undefined || ('refresh' in flow && flow.refresh === true)
  return !acts || pageViewer.identify()
}
