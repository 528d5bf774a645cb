import { Link } from 'react-router'
import { loginPath } from '../kratos/location'
import { useFlow } from '../kratos/useFlow'
import { useText } from '../text/language'
import { AccountPage } from './AccountPage'

/** Lets those in who have forgotten their password. Kratos then goes on with the settings, which ask for a new one. */
export function RecoveryPage() {
  const text = useText().account
  const state = useFlow('recovery')
  return (
    <AccountPage
      title={text.recover}
      intro={text.recoverIntro}
      state={state}
      links={
        <Link to={loginPath(state.returnTo ?? '/')} state={{ address: state.address }}>
          {text.backToLogin}
        </Link>
      }
    />
  )
}
