import type { Day } from '../ui/dates'
import type { Sides } from './AgreementFragment'

export type Status = 'PENDING' | 'APPROVED' | 'REJECTED' | 'CANCELLED' | 'EXPIRED' | 'ACTIVE' | 'COMPLETED'

/** Reports whether a fostering is requested or promised, and has not ended. */
export const isOpen = (status: Status) => status === 'PENDING' || isPromised(status)

/** Reports whether nobody can approve a request any more, because its first day has passed. */
export const isGone = ({ status, startDate }: { status: Status; startDate: Day }, today: Day) => status === 'PENDING' && startDate < today

/** Reports whether the cat is promised to the participant. */
export const isPromised = (status: Status) => status === 'APPROVED' || status === 'ACTIVE'

/** Who did something, as the viewer sees it: nobody, if the program did it or it is not known. */
export type Who = 'you' | 'other' | 'admin' | 'nobody'

export function whoOf(party: 'OWNER' | 'PARTICIPANT' | 'ADMIN' | 'SYSTEM' | null, side: Sides['side']): Who {
  if (party === null || party === 'SYSTEM') return 'nobody'
  if (party === 'ADMIN') return 'admin'
  return party === side ? 'you' : 'other'
}
