import { useEffect, useState } from 'react'
import { remember, remembered } from '../ui/storage'
import { normalAddress } from './typed'

/** The time between two mails of a kind of flow to an address: see docs/identity.md. */
const INTERVAL = 60_000

/** How often the seconds are counted: the time may be that much late. */
const TICK = 1000

/** Notes that a kind of flow has mailed a code to an address. A page that is loaded again, or begins another flow, goes on counting. */
export const noteMail = (kind: string, address: string) => remember('mailed', `${kind} ${normalAddress(address)} ${Date.now()}`)

/** Returns in how many seconds a kind of flow can mail another code to an address, from what has been noted. */
export function secondsLeft(noted: string | null, kind: string, address: string, now: number): number {
  const [by, to, at] = (noted ?? '').split(' ')
  const left = by === kind && to === normalAddress(address) ? Number(at) + INTERVAL - now : 0
  return left > 0 && left <= INTERVAL + TICK ? Math.ceil(left / 1000) : 0
}

export function useCountdown(kind: string, address: string): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK)
    return () => clearInterval(timer)
  }, [])
  return secondsLeft(remembered('mailed'), kind, address, now)
}
