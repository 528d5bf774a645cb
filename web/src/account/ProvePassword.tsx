import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import type { Failure } from '../api/failure'
import { pageViewer } from '../api/viewer'
import { ViewerQuery, viewerOf } from '../app/viewer'
import { createFlow, createFlowAgain, submitFlow } from '../kratos/client'
import { isButton, nameOf, needsVerification, withAddress, type Flow, type Step } from '../kratos/flow'
import { loginPath, withReturn } from '../kratos/location'
import { normalAddress } from '../kratos/typed'
import { failureOf, UNKNOWN } from '../kratos/useFlow'
import { useText } from '../text/language'
import { Button, ButtonLink } from '../ui/Button'
import { AccountPage, WrongAddress } from './AccountPage'
import { useLogOut } from './useLogOut'

interface ProvePasswordProps {
  /** The address that is to be confirmed. */
  address: string
  wrongAddress: string
  returnTo?: string
  onProved: (password: unknown) => void
}

/**
 * Asks for the password before an address is confirmed in a browser that did not sign up. Otherwise a stranger, who has signed up
 * with the visitor's address, would have the visitor confirm the account with the stranger's password. Kratos says at a login
 * that the address is not confirmed only if the password is right.
 */
export function ProvePassword({ address, wrongAddress, returnTo, onProved }: ProvePasswordProps) {
  const text = useText().account
  const logOut = useLogOut()
  const [flow, setFlow] = useState<Flow>()
  const [failure, setFailure] = useState<Failure>()
  const [signedIn, setSignedIn] = useState(false)
  const [busy, setBusy] = useState(false)
  const [restarted, setRestarted] = useState(false)
  const [attempt, setAttempt] = useState(0)

  // A member who is logged in, and has asked for the address, needs no password.
  const [{ data }] = useQuery({ query: ViewerQuery, pause: !signedIn })
  const asked = !!data && viewerOf(data).newEmail === normalAddress(address)
  useEffect(() => {
    if (asked) onProved(undefined)
  }, [asked]) // oxlint-disable-line react-hooks/exhaustive-deps

  async function take(step: Step, password?: unknown): Promise<void> {
    setFailure(undefined)
    switch (step.type) {
      case 'show':
        return needsVerification(step.flow) ? onProved(password) : setFlow(step.flow)
      case 'signed-in':
        // The button ends the session of this member only.
        return (await pageViewer.identify()) ? setSignedIn(true) : setFailure(UNKNOWN)
      // Logged in: so the address is confirmed already.
      case 'redirect':
        return location.assign(step.url)
      case 'done':
        return location.assign(returnTo ?? '/')
      default:
        setFailure(failureOf(step))
    }
  }

  useEffect(() => {
    let current = true
    void createFlow('login', new URLSearchParams()).then((step) => (current ? take(step) : undefined))
    return () => {
      current = false
    }
  }, [attempt]) // oxlint-disable-line react-hooks/exhaustive-deps

  async function submit(values: Record<string, unknown>) {
    if (!flow || busy) return
    setBusy(true)
    const step = await submitFlow('login', flow.id, { ...values, identifier: address })
    setRestarted(step.type === 'restart')
    await take(step.type === 'restart' ? await createFlowAgain('login', new URLSearchParams()) : step, values.password)
    setBusy(false)
  }

  const state = { flow: flow && prepared(flow, address), failure, restarted, address, wrongAddress, busy, submit, retry: () => setAttempt(attempt + 1) }
  if (signedIn) {
    return (
      <AccountPage title={text.verify} intro={text.codeOfOther} state={state}>
        <Button kind="primary" onClick={() => void logOut(location.pathname + location.search)}>
          {text.logOut}
        </Button>
      </AccountPage>
    )
  }
  return (
    <AccountPage
      title={text.verify}
      intro={text.provePassword}
      state={state}
      links={
        <>
          <ButtonLink to={withReturn('/recovery', returnTo)} state={{ address }}>
            {text.newPassword}
          </ButtonLink>
          <WrongAddress address={address} to={wrongAddress} />
          <Link to={loginPath('/')}>{text.newEmail.logIn}</Link>
        </>
      }
    />
  )
}

/** Returns a login to the account with the address, whose button does not promise a login. */
function prepared(flow: Flow, address: string): Flow {
  const nodes = withAddress(flow, address).ui.nodes.map((node) => {
    if (isButton(node)) return { ...node, meta: { label: { id: 1070005, type: 'info' as const, text: 'Continue' } } }
    return nameOf(node) === 'identifier' ? { ...node, attributes: { ...node.attributes, type: 'hidden' } as typeof node.attributes } : node
  })
  return { ...flow, ui: { ...flow.ui, nodes } }
}
