import { Link } from 'react-router'
import { isVerified, isWithoutResend } from '../kratos/flow'
import { loginPath } from '../kratos/location'
import { useFlow } from '../kratos/useFlow'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { AccountPage } from './AccountPage'

/** Confirms an address by a code that was mailed to it. */
export function VerificationPage() {
  const text = useText().account
  const state = useFlow('verification')
  const login = loginPath(state.returnTo ?? '/')
  if (state.flow && isVerified(state.flow)) {
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
