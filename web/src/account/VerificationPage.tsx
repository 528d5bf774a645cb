import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { claim, forgetClaim, isClaimed, passwordOf } from '../kratos/claim'
import { isSessionOf, logIn } from '../kratos/client'
import { addressOf, isVerified, waitsForCode } from '../kratos/flow'
import { loginPath, withReturn } from '../kratos/location'
import { useFlow, type FlowState } from '../kratos/useFlow'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { AccountPage } from './AccountPage'
import { ProvePassword } from './ProvePassword'

/** Confirms an address by a code that was mailed to it. */
export function VerificationPage() {
  const text = useText().account
  const state = useFlow('verification')
  const [proved, setProved] = useState<string>() // the flow
  const { flow, address, returnTo } = state
  if (flow && isVerified(flow)) return <Verified state={state} />
  if (flow && proved !== flow.id && waitsForCode(flow) && !isClaimed(flow)) {
    if (!addressOf(flow)) return <UnknownCode state={state} />
    const prove = (password: unknown) => {
      claim(addressOf(flow), flow.id, password)
      setProved(flow.id)
    }
    return <ProvePassword address={addressOf(flow)!} wrongAddress={state.wrongAddress} returnTo={returnTo} onProved={prove} />
  }
  return (
    <AccountPage
      title={text.verify}
      intro={text.verifyIntro}
      state={state}
      links={
        <Link to={loginPath(returnTo ?? '/')} state={{ address }}>
          {text.backToLogin}
        </Link>
      }
    />
  )
}

/** The end: logged in, if the page still knows the password. */
function Verified({ state }: { state: FlowState }) {
  const text = useText().account
  const { flow, address, returnTo } = state
  const [password] = useState(() => passwordOf(address))
  const [leaving, setLeaving] = useState(password !== undefined)
  const path = returnTo ?? '/'
  useEffect(() => {
    forgetClaim()
    if (!address || !password) return
    void logIn(password, { address, path }).then(async (step) => {
      if (step.type === 'redirect') location.assign(step.url)
      else if (step.type === 'done' || (step.type === 'signed-in' && (await isSessionOf(address)))) location.assign(path)
      else setLeaving(false)
    })
  }, []) // oxlint-disable-line react-hooks/exhaustive-deps
  return (
    <AccountPage title={text.verified} state={{ ...state, flow: flow && { ...flow, ui: { ...flow.ui, messages: [] } } }}>
      {!leaving && (
        <ButtonLink kind="primary" to={loginPath(path)} state={{ address }}>
          {text.continue}
        </ButtonLink>
      )}
    </AccountPage>
  )
}

/**
 * Who opens a code in a browser that did not sign up must know the password of the account. Without the address it could be
 * the password of any account.
 */
function UnknownCode({ state }: { state: FlowState }) {
  const text = useText().account
  return (
    <AccountPage
      title={text.verify}
      intro={text.unknownCode}
      state={state}
      links={<Link to={withReturn('/recovery', state.returnTo)}>{text.newPassword}</Link>}
    >
      <ButtonLink kind="primary" to={withReturn('/verification', state.returnTo)}>
        {text.sendCode}
      </ButtonLink>
    </AccountPage>
  )
}
