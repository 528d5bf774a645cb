import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import type { Failure } from '../api/failure'
import { pageViewer } from '../api/viewer'
import { loginPath, withReturnTo } from '../kratos/location'
import { useLanguage, useText } from '../text/language'
import { Alert } from './Alert'
import { Button, ButtonLink } from './Button'
import { Contact } from './Contact'
import styles from './FailurePanel.module.css'
import { hasKey } from './hasKey'
import { PageTitle } from './PageTitle'
import { placeAround } from './placeAround'

interface FailurePanelProps {
  failure: Failure
  onRetry?: () => void
  /** Whether the visitor has not asked for anything just now, and goes on with what has the focus. */
  background?: boolean
  /** Why the viewer is not allowed to, if the page knows. */
  forbidden?: string
  /** What the page adds. */
  children?: ReactNode
}

/** Says what went wrong and offers what helps. */
export function FailurePanel({ failure, onRetry, background, forbidden, children }: FailurePanelProps) {
  const { text, format } = useLanguage()
  const { pathname, search } = useLocation()
  const known = failure.code === 'FORBIDDEN' && failure.redirectTo ? text.failure.recentLogin : text.failure[failure.code]
  // A newer server may have reasons that the page does not know.
  const reason = hasKey(text.failure.reasons, failure.reason) ? text.failure.reasons[failure.reason] : undefined
  const { title, help } = reason ?? known
  const here = pathname + search
  const panel = { className: styles.panel, 'data-code': failure.code }
  const content = (
    <>
      <h2>{title}</h2>
      <p>{(failure.code === 'FORBIDDEN' && !failure.redirectTo && !reason && forbidden) || help}</p>
      {failure.explanation && <p dir="auto">{failure.explanation}</p>}
      {failure.until && <p>{text.failure.until(format.date(failure.until), format.time(failure.until))}</p>}
      {(!reason || failure.reason === 'QUOTA_EXCEEDED') && rulesOf(failure).map((rule) => (
        <p key={rule} lang="en" className={styles.reason}>
          {rule}
        </p>
      ))}
      {failure.reason === 'SUSPENDED' && <Contact />}
      {children}
      {failure.requestId && <p>{text.failure.requestId(failure.requestId)}</p>}
      <div className={styles.actions}>
        {failure.code === 'UNAUTHENTICATED' && (
          <ButtonLink kind="primary" to={loginPath(here)}>
            {text.account.logIn}
          </ButtonLink>
        )}
        {(failure.code === 'DOCUMENT_NOT_TRUSTED' || failure.code === 'COOKIES') && (
          <Button kind="primary" onClick={() => location.reload()}>
            {text.failure.reload}
          </Button>
        )}
        {failure.reason === 'SUSPENDED' && <ButtonLink to="/suspended">{text.account.deleteAccount}</ButtonLink>}
        {failure.redirectTo && (
          <Button kind="primary" onClick={() => location.assign(withReturnTo(failure.redirectTo!, here))}>
            {text.failure.confirm}
          </Button>
        )}
        {onRetry && !failure.redirectTo && <Retry failure={failure} onRetry={onRetry} />}
      </div>
    </>
  )
  return background ? (
    <div {...panel} role="alert">
      {content}
    </div>
  ) : (
    <Alert {...panel} cause={failure}>
      {content}
    </Alert>
  )
}

/** Returns what the API says about a refusal, which names the rule and the limit. */
function rulesOf({ code, message, fields }: Failure): string[] {
  if (code !== 'CONFLICT' && code !== 'BAD_USER_INPUT') return []
  return [...new Set([message, ...Object.values(fields)])].filter(Boolean)
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
  if (['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'DOCUMENT_NOT_TRUSTED', 'COOKIES', 'DEACTIVATED'].includes(failure.code)) return null
  // A timer is not read out whenever it changes, unlike the rest of the panel.
  if (seconds > 0) return <p role="timer">{text.failure.wait(format.after(seconds))}</p>
  return (
    <Button
      onClick={({ currentTarget }) => {
        const around = currentTarget.closest('[role="alert"]')?.parentElement
        if (around) placeAround(around)?.focus({ preventScroll: true }) // The panel is about to go.
        onRetry()
      }}
    >
      {failure.code === 'CONFLICT' ? text.failure.reload : text.failure.retry}
    </Button>
  )
}

const waitFor = (failure: Failure) => ({ failure, until: Date.now() + (failure.retryAfter ?? 0) * 1000 })

interface PageFailureProps {
  failure: Failure
  onRetry: () => void
  forbidden?: string
  /** Whether it stands in for a part of a page, which has a title. */
  part?: boolean
}

/** Stands in for a page that could not be loaded. Visitors without a session go to the login. */
export function PageFailure({ failure, onRetry, forbidden, part }: PageFailureProps) {
  const text = useText()
  const { pathname, search } = useLocation()
  const here = pathname + search
  const own = useSyncExternalStore(pageViewer.subscribe, pageViewer.current).type === 'own'
  const redirectTo = failure.code === 'SECOND_FACTOR_REQUIRED' ? failure.redirectTo : undefined
  useEffect(() => {
    if (redirectTo) location.replace(withReturnTo(redirectTo, here))
  }, [redirectTo, here])
  // A page that has shown a member says so itself.
  if (failure.code === 'UNAUTHENTICATED') return own && <Navigate to={loginPath(here)} replace />
  return (
    <>
      {!part && <PageTitle title={text.failure[failure.code].title} hidden />}
      <FailurePanel background {...{ failure, onRetry, forbidden }} />
    </>
  )
}
