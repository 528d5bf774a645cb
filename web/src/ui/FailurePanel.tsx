import { useEffect, useState } from 'react'
import { Navigate, useLocation } from 'react-router'
import type { Failure } from '../api/failure'
import { loginPath, withReturnTo } from '../kratos/location'
import { useLanguage, useText } from '../text/language'
import { Button, ButtonLink } from './Button'
import styles from './FailurePanel.module.css'
import { PageTitle } from './PageTitle'

interface FailurePanelProps {
  failure: Failure
  onRetry?: () => void
  /** What a conflict means here, if more is known than that something has changed. */
  conflict?: { title: string; help: string }
}

/** Says what went wrong and offers what helps. */
export function FailurePanel({ failure, onRetry, conflict }: FailurePanelProps) {
  const text = useText()
  const { pathname, search } = useLocation()
  const known = failure.code === 'FORBIDDEN' && failure.redirectTo ? text.failure.recentLogin : text.failure[failure.code]
  const { title, help } = (failure.code === 'CONFLICT' && conflict) || known
  const here = pathname + search
  return (
    <div className={styles.panel} role="alert" data-code={failure.code}>
      <h2>{title}</h2>
      <p>{help}</p>
      {failure.code === 'CONFLICT' && (
        <p lang="en" className={styles.reason}>
          {failure.message}
        </p>
      )}
      {failure.requestId && <p>{text.failure.requestId(failure.requestId)}</p>}
      <div className={styles.actions}>
        {failure.code === 'UNAUTHENTICATED' && (
          <ButtonLink kind="primary" to={loginPath(here)}>
            {text.account.logIn}
          </ButtonLink>
        )}
        {failure.code === 'DOCUMENT_NOT_TRUSTED' && (
          <Button kind="primary" onClick={() => location.reload()}>
            {text.failure.reload}
          </Button>
        )}
        {failure.redirectTo && (
          <Button kind="primary" onClick={() => location.assign(withReturnTo(failure.redirectTo!, here))}>
            {text.failure.confirm}
          </Button>
        )}
        {onRetry && !failure.redirectTo && <Retry failure={failure} onRetry={onRetry} />}
      </div>
    </div>
  )
}

/** Offers to try again, once the time that the API asks for has passed. */
function Retry({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const { text, format } = useLanguage()
  const [now, setNow] = useState(Date.now)
  const [wait, setWait] = useState(() => waitFor(failure))
  if (wait.failure !== failure) setWait(waitFor(failure))
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.ceil((wait.until - now) / 1000)
  if (['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'DOCUMENT_NOT_TRUSTED'].includes(failure.code)) return null
  // A timer is not read out whenever it changes, unlike the rest of the panel.
  if (seconds > 0) return <p role="timer">{text.failure.wait(format.after(seconds))}</p>
  return <Button onClick={onRetry}>{failure.code === 'CONFLICT' ? text.failure.reload : text.failure.retry}</Button>
}

const waitFor = (failure: Failure) => ({ failure, until: Date.now() + (failure.retryAfter ?? 0) * 1000 })

interface PageFailureProps {
  failure: Failure
  onRetry: () => void
  /** Whether it stands in for a part of a page, which has a title. */
  part?: boolean
}

/** Stands in for a page that could not be loaded. Visitors without a session go to the login. */
export function PageFailure({ failure, onRetry, part }: PageFailureProps) {
  const text = useText()
  const { pathname, search } = useLocation()
  const here = pathname + search
  const redirectTo = failure.code === 'SECOND_FACTOR_REQUIRED' ? failure.redirectTo : undefined
  useEffect(() => {
    if (redirectTo) location.replace(withReturnTo(redirectTo, here))
  }, [redirectTo, here])
  if (failure.code === 'UNAUTHENTICATED') return <Navigate to={loginPath(here)} replace />
  return (
    <>
      {!part && <PageTitle title={text.failure[failure.code].title} hidden />}
      <FailurePanel failure={failure} onRetry={onRetry} />
    </>
  )
}
