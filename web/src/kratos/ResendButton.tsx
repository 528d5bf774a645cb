import type { ComponentProps } from 'react'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { useCountdown } from './countdown'
import { kindOf, type Flow } from './flow'

/** The button for a code to an address. It counts down until one can be mailed; a code that was asked for earlier would not be sent. */
export function ResendButton({ flow, address, busy, children, ...rest }: ComponentProps<typeof Button> & { flow: Flow; address: string }) {
  const text = useText()
  const left = useCountdown(kindOf(flow), address)
  return (
    <Button {...rest} busy={busy || left > 0}>
      {left > 0 ? text.account.otherCodeIn(left) : children}
    </Button>
  )
}
