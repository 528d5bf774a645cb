import { Link } from 'react-router'
import { useFlow } from '../kratos/useFlow'
import { useText } from '../text/language'
import { AccountPage } from './AccountPage'

export function RegistrationPage() {
  const text = useText().account
  const state = useFlow('registration')
  const suffix = state.returnTo ? `?return_to=${encodeURIComponent(state.returnTo)}` : ''
  return (
    <AccountPage
      title={text.signUp}
      intro={text.signUpIntro}
      state={state}
      links={<Link to={`/login${suffix}`}>{text.haveAccount}</Link>}
    />
  )
}
