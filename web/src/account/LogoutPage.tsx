import { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import type { Failure } from '../api/failure'
import { logOut } from '../kratos/client'
import { ownPath } from '../kratos/location'
import { useText } from '../text/language'
import { FailurePanel } from '../ui/FailurePanel'
import { PageTitle } from '../ui/PageTitle'

/** Ends the session, and then loads another page as a new document, so that nothing of the visitor is left. */
export function LogoutPage() {
  const text = useText().account
  const [parameters] = useSearchParams()
  const [failure, setFailure] = useState<Failure>()
  const [attempt, setAttempt] = useState(0)
  const next = ownPath(parameters.get('return_to')) ?? '/'
  useEffect(() => {
    setFailure(undefined)
    void logOut().then((done) => {
      if (done) location.replace(next)
      else setFailure({ code: 'UNAVAILABLE', message: '', fields: {} })
    })
  }, [next, attempt])
  return (
    <>
      <PageTitle title={text.logOut} />
      {failure && <FailurePanel failure={failure} onRetry={() => setAttempt(attempt + 1)} />}
    </>
  )
}
