import { useText } from '../text/language'
import { Badge } from '../ui/Badge'
import type { Status } from './status'

const tones = { PENDING: 'warn', APPROVED: 'good', ACTIVE: 'info', COMPLETED: 'plain', REJECTED: 'bad', CANCELLED: 'plain' } as const

export function StatusBadge({ status }: { status: Status }) {
  const text = useText()
  return <Badge tone={tones[status]}>{text.status[status]}</Badge>
}
