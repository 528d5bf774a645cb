import { remember, remembered } from '../ui/storage'
import { addressOf, type Flow } from './flow'

const normal = (address: unknown) => String(address ?? '').trim().toLowerCase()

/**
 * Remembers that this browser knows the password of the account whose address is to be confirmed: because of a sign-up, a
 * change of the address, or a login. Somebody else may have signed up with the visitor's address otherwise.
 */
export const claim = (address: unknown, flowId = '') => remember('verification', `${flowId} ${normal(address)}`)

export const forgetClaim = () => remember('verification', '')

/** Reports whether the flow is for an address that this browser has claimed. */
export function isClaimed(flow: Flow): boolean {
  const [id, address] = (remembered('verification') ?? '').split(' ')
  return flow.id === id || (!!address && normal(addressOf(flow)) === address)
}
