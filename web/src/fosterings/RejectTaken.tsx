import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import * as limits from '../api/limits'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Form, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { useNotice } from '../ui/notice'
import styles from './Fostering.module.css'
import { RejectFosteringMutation } from './OwnerActions'

interface Request {
  id: string
  updatedAt: string
  daysTaken: boolean
}

/** Rejects all requests of the list whose days are taken. Each is a mutation of its own: what has changed meanwhile stays. */
export function RejectTaken({ items, onReload }: { items: Request[]; onReload: () => void }) {
  const text = useText().fostering
  const notify = useNotice()
  const [open, setOpen] = useState(false)
  const [, reject] = useMutation(RejectFosteringMutation)
  const taken = items.filter((request) => request.daysTaken)
  if (taken.length === 0 && !open) return null
  return (
    <div className={styles.actions}>
      <Button onClick={() => setOpen(true)}>{text.rejectTaken(taken.length)}</Button>
      {open && (
        <Dialog title={text.rejectTakenQuestion} onClose={() => setOpen(false)}>
          <Form
            draft="reject-taken"
            submit={text.reject}
            danger
            onCancel={() => setOpen(false)}
            onReload={onReload}
            onSubmit={async (form) => {
              for (const { id, updatedAt: seen } of taken) {
                const { error } = await reject({ id, reason: textOf(form, 'reason') || null, seen })
                if (error) return failureOf(error)
              }
              notify(text.rejected)
              setOpen(false)
            }}
          >
            <TextArea label={text.reason} name="reason" maxLength={limits.MAX_TEXT} optional defaultValue={text.takenReason} />
          </Form>
        </Dialog>
      )}
    </div>
  )
}
