import { createContext, use, useEffect, useId, useRef, useState, type ComponentProps, type FormEvent, type ReactNode } from 'react'
import { isChanged, isSent, type Failure } from '../api/failure'
import { useText } from '../text/language'
import { focusProblem } from './Alert'
import { Button } from './Button'
import { useDraft } from './draft'
import { KEY, keyOf, newKey } from './idempotency'
import { FailurePanel } from './FailurePanel'
import styles from './Form.module.css'
import { hasKey } from './hasKey'

/** Messages about fields, by name. */
const Problems = createContext<Pick<Failure, 'fields' | 'reasons'>>({ fields: {} })

interface FormProps {
  /** The name under which typed texts survive that the page is left, such as for a login. */
  draft?: string
  submit: string
  danger?: boolean
  /** Whether sending the form twice must not do it twice: its field idempotencyKey is for the API. */
  once?: boolean
  /** Sends the form. A failure that it returns is shown, at the fields or above them. */
  onSubmit: (data: FormData) => Promise<Failure | undefined>
  onCancel?: () => void
  /** Loads again what has changed meanwhile, after a conflict. */
  onReload?: () => void
  /** What the object says now, shown if it has changed meanwhile. */
  now?: string
  children?: ReactNode
}

/** A form of the API: it has one submit button, and shows what the API says about its fields. */
export function Form({ draft, once, submit, danger, onSubmit, onCancel, onReload, now, children }: FormProps) {
  const text = useText()
  const form = useRef<HTMLFormElement>(null)
  const [key, setKey] = useState(() => (draft && keyOf(draft)) || newKey())
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  const drafts = useDraft(draft, form)
  // Whether the failure is shown at the fields that it names, with nothing left to say.
  const [placed, setPlaced] = useState(false)

  useEffect(() => focusProblem(form.current), [failure])

  function reload() {
    setFailure(undefined)
    form.current?.querySelector<HTMLElement>('input, textarea, button')?.focus()
    onReload?.()
  }

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (busy) return
    const { elements } = event.currentTarget
    const data = new FormData(event.currentTarget)
    drafts.send()
    setBusy(true)
    setFailure(undefined)
    const failed = await onSubmit(data)
    setBusy(false)
    setFailure(failed)
    if (!failed || isSent(failed)) setKey(newKey())
    if (!failed) return drafts.clear()
    drafts.reopen()
    if (isChanged(failed)) onReload?.()
    const named = Object.keys(failed.fields)
    setPlaced(named.length > 0 && named.every((name) => elements.namedItem(name)))
  }

  function cancel() {
    drafts.clear()
    onCancel?.()
  }

  return (
    <form ref={form} className={styles.form} onSubmit={send} onInput={drafts.reopen}>
      {failure && !placed && (
        <FailurePanel failure={failure} onRetry={onReload && reload}>
          {now && isChanged(failure) && <p>{text.failure.now(now)}</p>}
        </FailurePanel>
      )}
      <Problems value={failure ?? { fields: {} }}>{children}</Problems>
      <div className={styles.buttons}>
        <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={busy}>
          {submit}
        </Button>
        {onCancel && (
          <Button kind="quiet" onClick={cancel}>
            {text.ui.cancel}
          </Button>
        )}
      </div>
      {once && <input type="hidden" name={KEY} value={key} />}
    </form>
  )
}

interface FieldProps {
  label: string
  name: string
  hint?: ReactNode
  problem?: string
}

/** Ties a control to its label, its hint, and what is wrong with it. */
export function useField({ name, hint, problem }: Pick<FieldProps, 'name' | 'hint' | 'problem'>) {
  const id = useId()
  const text = useText()
  const { fields, reasons } = use(Problems)
  const reason = reasons?.[name]
  // The API's messages are English.
  const answered: ReactNode = fields[name] && (hasKey(text.names, reason) ? text.names[reason] : <span lang="en">{fields[name]}</span>)
  const message = answered || problem
  const described = [message && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return {
    message,
    id,
    control: { id, name, 'aria-invalid': message ? true : undefined, 'aria-describedby': described || undefined },
  }
}

/** Fields of a form that are folded away until somebody looks for them, or something is wrong with one of them. */
export function Folded({ summary, open = false, names, children }: { summary: string; open?: boolean; names: readonly string[]; children: ReactNode }) {
  const { fields } = use(Problems)
  const details = useRef<HTMLDetailsElement>(null)
  return (
    <details
      ref={details}
      className={styles.folded}
      open={open || names.some((name) => fields[name])}
      // The browser cannot show what is wrong with a field that it does not show.
      onInvalidCapture={() => details.current && (details.current.open = true)}
    >
      <summary>{summary}</summary>
      {children}
    </details>
  )
}

/** The label above a control, and what is said about it below. */
export function Labelled({ id, label, hint, message, optional, children }: {
  id: string
  label: string
  hint?: ReactNode
  message?: ReactNode
  optional?: boolean
  children: ReactNode
}) {
  const text = useText()
  return (
    <div className={styles.field}>
      <label htmlFor={id}>
        {label}
        {optional && <span className={styles.optional}> {text.ui.optional}</span>}
      </label>
      {children}
      {message && (
        <p id={`${id}-problem`} className={styles.problem}>
          {message}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}

export function TextField({ label, hint, problem, optional, ...input }: FieldProps & { optional?: boolean } & ComponentProps<'input'>) {
  const { id, message, control } = useField({ name: input.name, hint, problem })
  return (
    <Labelled {...{ id, label, hint, message, optional }}>
      <input dir="auto" {...input} {...control} />
    </Labelled>
  )
}

export function TextArea({ label, hint, problem, optional, ...area }: FieldProps & { optional?: boolean } & ComponentProps<'textarea'>) {
  const { id, message, control } = useField({ name: area.name, hint, problem })
  return (
    <Labelled {...{ id, label, hint, message, optional }}>
      <textarea dir="auto" rows={4} {...area} {...control} />
    </Labelled>
  )
}

export function SelectField({ label, optional, children, ...select }: Omit<FieldProps, 'hint' | 'problem'> & { optional?: boolean } & ComponentProps<'select'>) {
  const { id, message, control } = useField({ name: select.name })
  return (
    <Labelled {...{ id, label, message, optional }}>
      <select {...select} {...control}>
        {children}
      </select>
    </Labelled>
  )
}

export function Checkbox({ label, hint, problem, ...input }: FieldProps & ComponentProps<'input'>) {
  const { id, message, control } = useField({ name: input.name, hint, problem })
  return (
    <div className={styles.check}>
      <input {...input} {...control} type="checkbox" />
      <label htmlFor={id}>{label}</label>
      {message && (
        <p id={`${id}-problem`} className={styles.problem}>
          {message}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </div>
  )
}
