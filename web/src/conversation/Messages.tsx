import { useLayoutEffect, useRef } from 'react'
import type { Pages } from '../api/useData'
import { useDate, useTime } from '../app/viewer'
import { useMemberName } from '../people/MemberLink'
import { ReportButton } from '../moderation/ReportButton'
import { useText } from '../text/language'
import { More } from '../ui/More'
import { Paragraphs } from '../ui/Paragraphs'
import styles from './Conversation.module.css'
import type { Message } from './ConversationQuery'

interface MessagesProps {
  messages: Message[]
  viewerId: string
  earlier: Pages<unknown>
}

/** The messages of a conversation by days, scrolled to the newest. */
export function Messages({ messages, viewerId, earlier }: MessagesProps) {
  const text = useText().conversation
  const dateOf = useDate()
  const timeOf = useTime()
  const nameOf = useMemberName()
  const box = useScrolledToEnd(messages, viewerId)
  return (
    // A box that scrolls must be in reach of the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div ref={box} className={styles.box} role="log" aria-label={text.messages} tabIndex={0}>
      <More list={earlier} label={text.earlier} />
      {messages.length === 0 && <p className={styles.day}>{text.none}</p>}
      <ol className={styles.messages}>
        {messages.map(({ id, author, createdAt, text }, n) => {
          const day = dateOf(createdAt)
          const isNewDay = n === 0 || day !== dateOf(messages[n - 1]!.createdAt)
          return (
            <li key={id} className={author.id === viewerId ? styles.own : styles.other}>
              {isNewDay && <p className={styles.day}>{day}</p>}
              <div className={styles.bubble}>
                <p className={styles.meta}>
                  <bdi>{nameOf(author.name)}</bdi> · <time dateTime={createdAt}>{timeOf(createdAt)}</time>
                </p>
                <Paragraphs text={text} links />
                {author.id !== viewerId && <ReportButton subjectId={id} />}
              </div>
            </li>
          )
        })}
      </ol>
    </div>
  )
}

/** Shows the newest message, unless the visitor reads earlier ones, and stays with these when others come before them. */
function useScrolledToEnd(messages: Message[], viewerId: string) {
  const box = useRef<HTMLDivElement>(null)
  const before = useRef({ first: '', last: '', height: 0 })
  useLayoutEffect(() => {
    const element = box.current!
    const { first, last, height } = before.current
    const now = { first: messages[0]?.id ?? '', last: messages.at(-1)?.id ?? '', height: element.scrollHeight }
    before.current = now
    const wasAtEnd = height - element.scrollTop - element.clientHeight < 80
    const isNews = now.last !== last
    const beginsAnew = !messages.some(({ id }) => id === last)
    if (isNews && (wasAtEnd || beginsAnew || messages.at(-1)?.author.id === viewerId)) element.scrollTop = now.height
    else if (now.first !== first) element.scrollTop += now.height - height
  }, [messages, viewerId])
  return box
}
