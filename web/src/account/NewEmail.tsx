import { useState } from 'react'
import { useNavigate } from 'react-router'
import { claim } from '../kratos/claim'
import type { Step } from '../kratos/flow'
import { keepEmail, mailCode } from '../kratos/newEmail'
import { useText } from '../text/language'
import { Alert } from '../ui/Alert'
import { Button } from '../ui/Button'
import { Named } from '../ui/Named'
import styles from './NewEmail.module.css'

/** Says which address is not confirmed yet, and lets the member confirm it or keep the old one. */
export function NewEmail({ email }: { email: string }) {
  const text = useText().account.newEmail
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)

  async function take(asked: Promise<Step>, done: (id: string) => void) {
    setBusy(true)
    setFailed(false)
    const step = await asked
    setBusy(false)
    setFailed(step.type !== 'show' && step.type !== 'redirect')
    if (step.type === 'show') done(step.flow.id)
    if (step.type === 'redirect') location.assign(step.url)
  }

  const enterCode = (id: string) => {
    claim(email, id)
    void navigate(`/verification?${new URLSearchParams({ flow: id, return_to: location.pathname })}`)
  }

  return (
    <aside className={styles.banner} aria-label={text.title}>
      <p>
        <Named text={text.unconfirmed} name={email} />
      </p>
      {failed && <Alert>{text.failed}</Alert>}
      <div className={styles.buttons}>
        <Button small busy={busy} onClick={() => void take(mailCode(email), enterCode)}>
          {text.mailCode}
        </Button>
        <Button small kind="quiet" busy={busy} onClick={() => void take(keepEmail(), () => location.reload())}>
          {text.keep}
        </Button>
      </div>
    </aside>
  )
}
