import { useEffect, useState } from 'react'
import { codeOfStatus, type Failure } from '../api/failure'
import { createFlow, submitFlow } from '../kratos/client'
import { isButton, nameOf, needsVerification, type Flow, type Step } from '../kratos/flow'
import { useText } from '../text/language'
import { Button, ButtonLink } from '../ui/Button'
import { AccountPage } from './AccountPage'
import { useLogOut } from './useLogOut'

interface ProvePasswordProps {
  /** The address that is to be confirmed, if it is known. */
  address?: string
  returnTo?: string
  onProved: (address: unknown) => void
}

/**
 * Asks for the password before an address is confirmed in a browser that did not sign up. Otherwise a stranger, who has signed up
 * with the visitor's address, would have the visitor confirm the account with the stranger's password. Kratos says at a login
 * that the address is not confirmed only if the password is right.
 */
export function ProvePassword({ address, returnTo, onProved }: ProvePasswordProps) {
  const text = useText().account
  const logOut = useLogOut()
  const [flow, setFlow] = useState<Flow>()
  const [failure, setFailure] = useState<Failure>()
  const [signedIn, setSignedIn] = useState(false)
  const [busy, setBusy] = useState(false)
  const [attempt, setAttempt] = useState(0)

  function take(step: Step, identifier?: unknown) {
    setFailure(undefined)
    switch (step.type) {
      case 'show':
        return needsVerification(step.flow) ? onProved(identifier) : setFlow(step.flow)
      case 'signed-in':
        return setSignedIn(true)
      case 'restart':
        return setAttempt(attempt + 1)
      // Logged in: so the address of this account is confirmed already, and the code is for another one.
      case 'redirect':
        return location.assign(step.url)
      case 'done':
        return location.assign(returnTo ?? '/')
      default:
        setFailure({ code: codeOfStatus(step.type === 'failed' ? step.status : 500), message: '', fields: {} })
    }
  }

  useEffect(() => {
    let current = true
    void createFlow('login', new URLSearchParams()).then((step) => current && take(step))
    return () => {
      current = false
    }
  }, [attempt]) // oxlint-disable-line react-hooks/exhaustive-deps

  async function submit(values: Record<string, unknown>) {
    if (!flow || busy) return
    setBusy(true)
    const identifier = address ?? values.identifier
    take(await submitFlow('login', flow.id, { ...values, identifier }), identifier)
    setBusy(false)
  }

  const recovery = `/recovery${returnTo ? `?return_to=${encodeURIComponent(returnTo)}` : ''}`
  if (signedIn) {
    return (
      <AccountPage title={text.verify} intro={text.codeOfOther} state={{ flow, restarted: false, busy, submit, retry: () => undefined }}>
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
      state={{ flow: flow && prepared(flow, address), failure, restarted: false, busy, submit, retry: () => setAttempt(attempt + 1) }}
      links={<ButtonLink to={recovery}>{text.newPassword}</ButtonLink>}
    />
  )
}

/** Returns a login that knows the address, and whose button does not promise a login. */
function prepared(flow: Flow, address: string | undefined): Flow {
  const nodes = flow.ui.nodes.map((node) => {
    if (isButton(node)) return { ...node, meta: { label: { id: 1070005, type: 'info' as const, text: 'Continue' } } }
    if (nameOf(node) !== 'identifier' || !address) return node
    return { ...node, attributes: { ...node.attributes, value: address, disabled: true } as typeof node.attributes }
  })
  return { ...flow, ui: { ...flow.ui, nodes } }
}
