import type { ComponentProps } from 'react'
import { Link } from 'react-router'
import styles from './Button.module.css'

type Kind = 'primary' | 'secondary' | 'quiet' | 'danger'

const classOf = (kind: Kind, small?: boolean) => [styles.button, styles[kind], small && styles.small].filter(Boolean).join(' ')

type ButtonProps = ComponentProps<'button'> & { kind?: Kind; small?: boolean; busy?: boolean }

/** A button. While it is busy it stays focusable, and does nothing. */
export function Button({ kind = 'secondary', small, busy, type = 'button', onClick, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={classOf(kind, small)}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    />
  )
}

/** A link that looks like a button. */
export function ButtonLink({ kind = 'secondary', small, ...rest }: ComponentProps<typeof Link> & { kind?: Kind; small?: boolean }) {
  return <Link {...rest} className={classOf(kind, small)} />
}
