import { useEffect, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { codeOfStatus, type Failure } from '../api/failure'
import { claim } from './claim'
import { createFlow, isRecovery, loadFlow, submitFlow } from './client'
import type { Flow, Kind, Step } from './flow'
import { loginPath, ownPath } from './location'

/** What a page needs to show a flow. */
export interface FlowState {
  flow?: Flow
  failure?: Failure
  /** Whether the flow has taken the place of one that expired. */
  restarted: boolean
  /** Where the visitor wanted to go, a path. */
  returnTo?: string
  busy: boolean
  /** Sends a form. What must be done before the page is left for another one is done then. */
  submit: (values: Record<string, unknown>, beforeLeaving?: () => Promise<unknown>) => Promise<void>
  retry: () => void
}

/**
 * Loads the flow that the address names, or begins one, and takes the steps that follow. What the
 * visitor has typed stays on the page when a flow is replaced.
 */
export function useFlow(kind: Kind): FlowState {
  const [parameters] = useSearchParams()
  const navigate = useNavigate()
  const [flow, setFlow] = useState<Flow>()
  const [failure, setFailure] = useState<Failure>()
  const [restarted, setRestarted] = useState(false)
  const [busy, setBusy] = useState(false)
  // What Kratos did not get, to send it again.
  const [unsent, setUnsent] = useState<Record<string, unknown>>()
  const [attempt, setAttempt] = useState(0)

  const id = parameters.get('flow')
  const returnTo = ownPath(flow?.return_to) ?? ownPath(parameters.get('return_to'))

  function begin() {
    const wanted = new URLSearchParams()
    for (const name of ['aal', 'refresh']) if (parameters.has(name)) wanted.set(name, parameters.get(name)!)
    if (returnTo) wanted.set('return_to', location.origin + returnTo)
    return createFlow(kind, wanted)
  }

  /** Puts the flow into the address, so that it can be loaded again. */
  function remember(kind: Kind, flowId: string, replace: boolean) {
    const next = new URLSearchParams({ flow: flowId })
    if (returnTo) next.set('return_to', returnTo)
    void navigate(`/${kind}?${next}`, { replace })
  }

  async function take(step: Step): Promise<void> {
    setFailure(undefined)
    switch (step.type) {
      case 'show':
        setFlow(step.flow)
        if (step.flow.id !== id) remember(kind, step.flow.id, true)
        return
      case 'continue':
        if (step.kind !== kind) setFlow(undefined)
        return remember(step.kind, step.id, false)
      case 'restart': {
        const next = await begin()
        if (next.type === 'restart') return setFailure(failureOf(500))
        setRestarted(flow !== undefined)
        return take(next)
      }
      case 'redirect':
        return location.assign(step.url)
      // A new document, so that nothing of a former visitor is left.
      case 'done':
        return location.assign(returnTo ?? '/')
      case 'signed-in': {
        // The API takes the session of a recovery for none.
        const path = returnTo ?? '/'
        return location.assign((await isRecovery()) ? `/settings?new_password&return_to=${encodeURIComponent(path)}` : path)
      }
      case 'signed-out':
        return void navigate(loginPath(`/${kind}`), { replace: true })
      case 'failed':
        return setFailure(failureOf(step.status))
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
    const step = await submitFlow(kind, flow.id, values)
    if (step.type === 'continue' && step.kind === 'verification') claim((values.traits as { email?: string } | undefined)?.email, step.id)
    setUnsent(step.type === 'failed' ? values : undefined)
    if (step.type === 'redirect') await beforeLeaving?.()
    await take(step)
    setBusy(false)
  }

  const retry = () => (unsent ? void submit(unsent) : setAttempt(attempt + 1))
  return { flow, failure, restarted, returnTo, busy, submit, retry }
}

const failureOf = (status: number): Failure => ({ code: codeOfStatus(status), message: '', fields: {} })
