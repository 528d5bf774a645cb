import { useEffect, useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { claim } from '../kratos/claim'
import type { Flow } from '../kratos/flow'
import { needsVerification } from '../kratos/flow'
import { withReturn } from '../kratos/location'
import { useFlow } from '../kratos/useFlow'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { AccountPage } from './AccountPage'
import { useLogOut } from './useLogOut'

/** The login: with a password, with a second factor, or again before a change that needs a recent login. */
export function LoginPage() {
  const text = useText().account
  const state = useFlow('login')
  const [parameters] = useSearchParams()
  const { flow, returnTo, address } = state
  const [sent, setSent] = useState<{ identifier: unknown; password: unknown; before?: Flow }>()
  // Only who knows the password is told that the address is not confirmed, in the answer to the form.
  useEffect(() => {
    if (flow && sent && flow !== sent.before && needsVerification(flow)) claim(sent.identifier, '', sent.password)
  }, [flow, sent])
  const step = stepOf(flow)
  return (
    <AccountPage
      key={parameters.get('aal')}
      title={step === 'secondFactor' ? text.secondFactor : text.logIn}
      intro={step === 'password' && returnTo && returnTo !== '/' ? text.loginToGoOn : undefined}
      state={{
        ...state,
        submit: (values) => {
          setSent({ identifier: values.identifier, password: values.password, before: flow })
          return state.submit(values)
        },
      }}
      links={
        step === 'password' ? (
          <>
            {flow && needsVerification(flow) && (
              <Link to={withReturn('/verification', returnTo)} state={{ address }}>
                {text.askForCode}
              </Link>
            )}
            <Link to={withReturn('/recovery', returnTo)} state={{ address }}>
              {text.forgotPassword}
            </Link>
            <Link to={withReturn('/registration', returnTo)} state={{ address }}>
              {text.noAccount}
            </Link>
          </>
        ) : (
          <OtherAccount />
        )
      }
    />
  )
}

function stepOf(flow: Flow | undefined): 'password' | 'secondFactor' | 'again' {
  if (!flow || !('requested_aal' in flow)) return 'password'
  if (flow.requested_aal === 'aal2') return 'secondFactor'
  return flow.refresh ? 'again' : 'password'
}

/** The way out for those who have no second factor at hand, or no password. */
function OtherAccount() {
  const text = useText().account
  const logOut = useLogOut()
  return (
    <div>
      <Button kind="quiet" small onClick={() => void logOut('/login')}>
        {text.otherAccount}
      </Button>
    </div>
  )
}
