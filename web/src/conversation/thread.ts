import type { Message, MessagesPage } from './ConversationQuery'

/** What is known of a conversation: its newest messages without a gap, the earliest first. */
export interface Thread {
  messages: Message[]
  hasEarlier: boolean
  /** The position of the first message, if there are earlier ones. */
  start?: string
}

export const emptyThread: Thread = { messages: [], hasEarlier: false }

function threadOf({ edges, pageInfo }: MessagesPage): Thread {
  return { messages: edges.map(({ node }) => node), hasEarlier: pageInfo.hasPreviousPage, start: edges[0]?.cursor }
}

/** Puts the newest messages in place of those that were known. What is earlier stays, unless others may be in between. */
export function withNewest(known: Thread, page: MessagesPage): Thread {
  const newest = threadOf(page)
  const place = known.messages.findIndex(({ id }) => id === newest.messages[0]?.id)
  return place < 1 ? newest : { ...known, messages: [...known.messages.slice(0, place), ...newest.messages] }
}

/** Puts earlier messages before those that are known, unless these begin elsewhere by now. */
export function withEarlier(known: Thread, before: string, page: MessagesPage): Thread {
  if (known.start !== before) return known
  const earlier = threadOf(page)
  return { ...earlier, messages: [...earlier.messages, ...known.messages] }
}

/** Puts a message that was sent at the end. */
export function withSent(known: Thread, message: Message): Thread {
  return { ...known, messages: [...known.messages.filter(({ id }) => id !== message.id), message] }
}
