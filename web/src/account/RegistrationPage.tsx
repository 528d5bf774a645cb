import { Link } from 'react-router'
import { isTaken } from '../kratos/flow'
import { withReturn } from '../kratos/location'
import { useFlow } from '../kratos/useFlow'
import { useText } from '../text/language'
import { AccountPage } from './AccountPage'

export function RegistrationPage() {
  const text = useText().account
  const state = useFlow('registration')
  const { flow, returnTo, address } = state
  return (
    <AccountPage
      title={text.signUp}
      intro={text.signUpIntro}
      state={state}
      links={
        <>
          <Link to={withReturn('/login', returnTo)} state={{ address }}>
            {text.haveAccount}
          </Link>
          {flow && isTaken(flow) && (
            <Link to={withReturn('/recovery', returnTo)} state={{ address }}>
              {text.forgotPassword}
            </Link>
          )}
        </>
      }
    />
  )
}
