import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'

/** Leads from the card of a fostering to what its two sides write to each other. */
export function ConversationLink({ id, unread }: { id: string; unread: number }) {
  return (
    <ButtonLink small to={`/fosterings/${id}`}>
      {useText().conversation.link(unread)}
    </ButtonLink>
  )
}
