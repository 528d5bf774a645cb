import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { claim, forgetClaim, isClaimed } from '../kratos/claim'
import { addressOf, isVerified, isWithoutResend, waitsForCode } from '../kratos/flow'
import { loginPath } from '../kratos/location'
import { useFlow } from '../kratos/useFlow'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { AccountPage } from './AccountPage'
import { ProvePassword } from './ProvePassword'

/** Confirms an address by a code that was mailed to it. */
export function VerificationPage() {
  const text = useText().account
  const state = useFlow('verification')
  const login = loginPath(state.returnTo ?? '/')
  const [proved, setProved] = useState<string>() // the flow
  const verified = state.flow !== undefined && isVerified(state.flow)
  useEffect(() => {
    if (verified) forgetClaim()
  }, [verified])
  if (state.flow && proved !== state.flow.id && waitsForCode(state.flow) && !isClaimed(state.flow)) {
    const { flow } = state
    const prove = (address: unknown) => {
      claim(address, flow.id)
      setProved(flow.id)
    }
    return <ProvePassword address={addressOf(flow)} returnTo={state.returnTo} onProved={prove} />
  }
  if (verified) {
    return (
      <AccountPage title={text.verified} state={state}>
        <ButtonLink kind="primary" to={login}>
          {text.continue}
        </ButtonLink>
      </AccountPage>
    )
  }
  return (
    <AccountPage
      title={text.verify}
      intro={text.verifyIntro}
      state={state}
      links={
        <>
          {state.flow && isWithoutResend(state.flow) && <Link to={`/verification?${new URLSearchParams({ return_to: state.returnTo ?? '/' })}`}>{text.otherCode}</Link>}
          <Link to={login}>{text.backToLogin}</Link>
        </>
      }
    />
  )
}
