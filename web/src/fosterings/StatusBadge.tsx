import { useToday } from '../app/viewer'
import { useText } from '../text/language'
import { Badge } from '../ui/Badge'
import type { Day } from '../ui/dates'
import { isGone, type Status } from './status'

const tones = { PENDING: 'warn', APPROVED: 'good', ACTIVE: 'info', COMPLETED: 'plain', REJECTED: 'bad', CANCELLED: 'plain', EXPIRED: 'plain' } as const

/** The status of a fostering; a request whose days are gone waits for no answer. */
export function StatusBadge(fostering: { status: Status; startDate: Day }) {
  const text = useText()
  const today = useToday()
  const { status } = fostering
  if (isGone(fostering, today)) return <Badge tone="plain">{text.failure.reasons.DAY_PASSED.title}</Badge>
  return <Badge tone={tones[status]}>{text.status[status]}</Badge>
}
