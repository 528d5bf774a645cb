import { useCallback, useEffect, useState } from 'react'
import { codeOfStatus, type Failure } from '../api/failure'
import { useDate } from '../app/viewer'
import { endSession, isRecent, loadSessions, type Session } from '../kratos/sessions'
import { useText } from '../text/language'
import { Badge } from '../ui/Badge'
import { Button } from '../ui/Button'
import { FailurePanel } from '../ui/FailurePanel'
import { useNotice } from '../ui/notice'
import { placeAround } from '../ui/placeAround'
import { SkeletonLines } from '../ui/Skeleton'
import { deviceOf } from './device'
import { Section } from './Section'
import styles from './Sessions.module.css'

/** Where the member is logged in; each other session can be ended. */
export function Sessions() {
  const text = useText().account.sessions
  const notify = useNotice()
  const [sessions, setSessions] = useState<{ own: Session; others: Session[] }>()
  const [failure, setFailure] = useState<Failure>()
  const [busy, setBusy] = useState(false)

  const show = useCallback((loaded: Awaited<ReturnType<typeof loadSessions>>) => {
    if (typeof loaded === 'number') return setFailure(failureOf(loaded))
    setFailure(undefined)
    setSessions(loaded)
  }, [])
  const load = () => loadSessions().then(show)
  useEffect(() => void loadSessions().then(show), [show])

  async function end(control: Element, id?: string) {
    const section = placeAround(control)
    setBusy(true)
    const status = await endSession(id)
    if (status >= 200 && status < 300) {
      await load()
      notify(id ? text.ended : text.allEnded)
      section?.focus({ preventScroll: true }) // The button is gone.
    } else setFailure(failureOf(status))
    setBusy(false)
  }

  return (
    <Section title={text.title} intro={text.intro}>
      {failure && <FailurePanel background={!sessions} failure={failure} onRetry={() => void load()} />}
      {!sessions && !failure && <SkeletonLines lines={2} />}
      {sessions && (
        <ul className={styles.sessions}>
          <SessionItem session={sessions.own} />
          {sessions.others.map((session) => (
            <SessionItem key={session.id} session={session} busy={busy} onEnd={(control) => void end(control, session.id)} />
          ))}
        </ul>
      )}
      {sessions && sessions.others.length > 0 && (
        <div>
          <Button busy={busy} onClick={({ currentTarget }) => void end(currentTarget)}>
            {text.endOthers}
          </Button>
        </div>
      )}
    </Section>
  )
}

/** One session. The session of this browser ends by the logout. */
function SessionItem({ session, busy, onEnd }: { session: Session; busy?: boolean; onEnd?: (control: Element) => void }) {
  const all = useText()
  const dateOf = useDate()
  const text = all.account.sessions
  const { browser, system } = deviceOf(session.userAgent)
  const device = text.device(browser, system)
  return (
    <li>
      <div>
        <p className={styles.device}>
          {device} {!onEnd && <Badge tone="info">{text.thisDevice}</Badge>}
        </p>
        <p>
          {text.loggedIn(dateOf(session.loggedIn))}
          {onEnd && ` · ${isRecent(session) ? text.usedToday : text.used(dateOf(session.used))}`}
        </p>
      </div>
      {onEnd && (
        <Button small busy={busy} onClick={({ currentTarget }) => onEnd(currentTarget)} aria-label={text.endOf(device)}>
          {text.end}
        </Button>
      )}
    </li>
  )
}

const failureOf = (status: number): Failure => ({ code: status === 401 ? 'UNAUTHENTICATED' : codeOfStatus(status), message: '', fields: {} })
