import { useEffect, useRef, type ComponentProps } from 'react'

interface AlertProps extends ComponentProps<'div'> {
  /** What it is about: another failure takes the focus again. */
  cause?: unknown
}

/**
 * Says that what the visitor has just sent did not work. It takes the focus, so that it is in sight and read out wherever the
 * visitor is on the page.
 */
export function Alert({ cause, ...rest }: AlertProps) {
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => {
    alert.current?.focus({ preventScroll: true })
    alert.current?.scrollIntoView({ block: 'nearest' })
  }, [cause])
  return <div {...rest} ref={alert} role="alert" tabIndex={-1} />
}

/** Moves the focus to the first field of a form that has a problem, unless an alert above says more. */
export function focusProblem(form: HTMLFormElement | null): void {
  if (document.activeElement?.role === 'alert') return
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}
