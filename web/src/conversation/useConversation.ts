import { useEffect, useRef, useState } from 'react'
import { useClient, useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { readFragment } from '../api/graphql'
import { useData } from '../api/useData'
import { useLive } from '../live/useLive'
import { MarkReadMutation } from '../notifications/MarkReadMutation'
import { ConversationQuery, EarlierMessagesQuery, MessagesFragment, PAGE, type Message } from './ConversationQuery'
import { emptyThread, withEarlier, withNewest, withSent } from './thread'

/** Loads a conversation from its end, earlier messages on demand, and what is new whenever the window comes into view. */
export function useConversation(id: string) {
  const client = useClient()
  const loaded = useData(ConversationQuery, { id, last: PAGE })
  const [thread, setThread] = useState(emptyThread)
  const [earlier, setEarlier] = useState<{ fetching: boolean; failure?: Failure }>({ fetching: false })

  const page = loaded.data?.fostering && readFragment(MessagesFragment, loaded.data.fostering.messages)
  const [seen, setSeen] = useState<typeof page>()
  if (page && page !== seen) {
    setSeen(page)
    setThread(withNewest(thread, page))
  }

  const reload = useRef(loaded.reload)
  useEffect(() => {
    reload.current = loaded.reload
  })
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && reload.current()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])

  useLive('MESSAGE', (about) => {
    if (about === id) loaded.reload()
  })

  // Whoever sees the conversation has read what there is to hear of it.
  const [, markRead] = useMutation(MarkReadMutation)
  const { me, fostering } = loaded.data ?? {}
  const newest = fostering && me && me.unreadNotifications > 0 ? me.notifications.edges[0]?.node.id : undefined
  useEffect(() => {
    const read = () => {
      if (newest && document.visibilityState === 'visible') void markRead({ upTo: newest, about: id })
    }
    read()
    document.addEventListener('visibilitychange', read)
    return () => document.removeEventListener('visibilitychange', read)
  }, [newest, id, markRead])

  async function loadEarlier() {
    const before = thread.start
    if (!before || earlier.fetching) return
    setEarlier({ fetching: true })
    const { data, error } = await client.query(EarlierMessagesQuery, { id, last: PAGE, before }, { requestPolicy: 'network-only' }).toPromise()
    setEarlier({ fetching: false, failure: error && failureOf(error) })
    const { fostering } = data ?? {}
    if (fostering) setThread((known) => withEarlier(known, before, readFragment(MessagesFragment, fostering.messages)))
  }

  return {
    loaded,
    messages: thread.messages,
    /** The list of what is earlier, for its button. */
    earlier: { ...earlier, hasMore: thread.hasEarlier, loadMore: () => void loadEarlier(), reload: () => void loadEarlier() },
    add: (message: Message) => setThread((known) => withSent(known, message)),
  }
}
