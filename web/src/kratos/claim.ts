import { remember, remembered } from '../ui/storage'
import { addressOf, type Flow } from './flow'
import { normalAddress } from './typed'

const normal = (address: unknown) => normalAddress(String(address ?? ''))

/** The password of the claimed account, to log in once the address is confirmed. It is in memory alone, and never stored. */
let kept: { address: string; password: string } | undefined

/**
 * Remembers that this browser knows the password of the account whose address is to be confirmed: because of a sign-up, a
 * change of the address, or a login. Somebody else may have signed up with the visitor's address otherwise.
 */
export function claim(address: unknown, flowId = '', password?: unknown): void {
  kept = typeof password === 'string' ? { address: normal(address), password } : undefined
  remember('verification', `${flowId} ${normal(address)}`)
}

export function forgetClaim(): void {
  kept = undefined
  remember('verification', '')
}

/** Reports whether the flow is for an address that this browser has claimed. */
export function isClaimed(flow: Flow): boolean {
  const [id, address] = (remembered('verification') ?? '').split(' ')
  return flow.id === id || (!!address && normal(addressOf(flow)) === address)
}

/** Returns the password of the account with the address, if the page still has it. */
export const passwordOf = (address: string | undefined): string | undefined => (kept && kept.address === normal(address) ? kept.password : undefined)
