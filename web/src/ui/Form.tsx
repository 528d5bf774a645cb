import { createContext, use, useEffect, useId, useRef, useState, type ComponentProps, type FormEvent, type ReactNode } from 'react'
import type { Failure } from '../api/failure'
import { useText } from '../text/language'
import { Button } from './Button'
import { clearDraft, keepDraft, restoreDraft } from './draft'
import { FailurePanel } from './FailurePanel'
import styles from './Form.module.css'

/** Messages about fields, by name. */
const Problems = createContext<Record<string, string>>({})

interface FormProps {
  /** The name under which typed texts survive a login in between. */
  draft?: string
  submit: string
  danger?: boolean
  /** Sends the form. A failure that it returns is shown, at the fields or above them. */
  onSubmit: (data: FormData) => Promise<Failure | undefined>
  onCancel?: () => void
  /** Loads again what has changed meanwhile, after a conflict. */
  onReload?: () => void
  conflict?: { title: string; help: string }
  children?: ReactNode
}

/** A form of the API: it has one submit button, and shows what the API says about its fields. */
export function Form({ draft, submit, danger, onSubmit, onCancel, onReload, conflict, children }: FormProps) {
  const text = useText()
  const form = useRef<HTMLFormElement>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  // Whether the failure is shown at the fields that it names.
  const [placed, setPlaced] = useState(false)

  useEffect(() => {
    if (draft && form.current) restoreDraft(draft, form.current)
  }, [draft])
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [failure])

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
    setBusy(true)
    setFailure(undefined)
    const failed = await onSubmit(data)
    setBusy(false)
    setFailure(failed)
    setPlaced(Object.keys(failed?.fields ?? {}).some((name) => elements.namedItem(name)))
    if (!draft) return
    if (failed) keepDraft(draft, data)
    else clearDraft(draft)
  }

  return (
    <form ref={form} className={styles.form} onSubmit={send}>
      {failure && !placed && <FailurePanel failure={failure} onRetry={onReload && reload} conflict={conflict} />}
      <Problems value={failure?.fields ?? {}}>{children}</Problems>
      <div className={styles.buttons}>
        <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={busy}>
          {submit}
        </Button>
        {onCancel && (
          <Button kind="quiet" onClick={onCancel}>
            {text.ui.cancel}
          </Button>
        )}
      </div>
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
  const answered = use(Problems)[name]
  // The API's messages are English.
  const message: ReactNode = answered ? <span lang="en">{answered}</span> : problem
  const described = [message && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return {
    message,
    id,
    control: { id, name, 'aria-invalid': message ? true : undefined, 'aria-describedby': described || undefined },
  }
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
      <input {...input} {...control} />
    </Labelled>
  )
}

export function TextArea({ label, hint, problem, optional, ...area }: FieldProps & { optional?: boolean } & ComponentProps<'textarea'>) {
  const { id, message, control } = useField({ name: area.name, hint, problem })
  return (
    <Labelled {...{ id, label, hint, message, optional }}>
      <textarea rows={4} {...area} {...control} />
    </Labelled>
  )
}

export function SelectField({ label, children, ...select }: Omit<FieldProps, 'hint' | 'problem'> & ComponentProps<'select'>) {
  const { id, message, control } = useField({ name: select.name })
  return (
    <Labelled {...{ id, label, message }}>
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
