import { useRef, useState, type KeyboardEvent } from 'react'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import * as limits from '../api/limits'
import { useText } from '../text/language'
import { Form, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import styles from './Conversation.module.css'
import { SendMessageMutation, type Message } from './ConversationQuery'

interface ComposerProps {
  fosteringId: string
  onSent: (message: Message) => void
  /** Loads the conversation again: the message may have arrived already, or nobody may write any more. */
  onConflict: () => void
}

/** The form for a message. It stays for the next one. */
export function Composer({ fosteringId, onSent, onConflict }: ComposerProps) {
  const text = useText().conversation
  const area = useRef<HTMLTextAreaElement>(null)
  const [state, setState] = useState<'sending' | 'sent'>()
  const [, send] = useMutation(SendMessageMutation)

  function sendByKey(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.currentTarget.form?.requestSubmit()
  }

  return (
    <div className={styles.composer}>
      <Form
        draft={`message-${fosteringId}`}
        once
        submit={text.send}
        onSubmit={async (form) => {
          const field = area.current! // The page may be left before the API has answered.
          setState('sending')
          const input = { fosteringId, text: textOf(form, 'text'), idempotencyKey: textOf(form, 'idempotencyKey') }
          const { data, error } = await send({ input })
          setState(data ? 'sent' : undefined)
          if (error) {
            const failure = failureOf(error)
            if (failure.code === 'CONFLICT') onConflict()
            return failure
          }
          field.value = ''
          field.focus()
          if (data) onSent(data.sendMessage)
        }}
      >
        <TextArea
          ref={area} label={text.message} name="text" required maxLength={limits.MAX_TEXT} rows={2} hint={text.hint}
          readOnly={state === 'sending'} onKeyDown={sendByKey} onInput={() => setState(undefined)}
        />
      </Form>
      <p role="status" className={styles.status}>
        {state && text[state]}
      </p>
    </div>
  )
}
