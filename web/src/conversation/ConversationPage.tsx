import { useEffect, useRef, type ReactNode } from 'react'
import { useParams } from 'react-router'
import * as limits from '../api/limits'
import { CarePlanOf } from '../care/CarePlanOf'
import { IncomingRequest } from '../fosterings/IncomingRequest'
import { MyFostering } from '../fosterings/MyFostering'
import { isFormer, useMemberName } from '../people/MemberLink'
import { useText } from '../text/language'
import { LoadedPage } from '../ui/LoadedPage'
import { Named } from '../ui/Named'
import { NotFound } from '../ui/NotFound'
import { PageTitle } from '../ui/PageTitle'
import { SkeletonLines } from '../ui/Skeleton'
import { Composer } from './Composer'
import styles from './Conversation.module.css'
import { Messages } from './Messages'
import { useConversation } from './useConversation'

/** A fostering and what its two sides write to each other. */
export function ConversationPage() {
  const { id } = useParams()
  return <ConversationView key={id} id={id!} />
}

function ConversationView({ id }: { id: string }) {
  const text = useText().conversation
  const nameOf = useMemberName()
  const { loaded, messages, earlier, add } = useConversation(id)
  return (
    <LoadedPage loaded={loaded} skeleton={<SkeletonLines lines={6} />}>
      {({ me, fostering }) => {
        if (!fostering) return <NotFound />
        const { participant, catProfile: { owner } } = fostering
        // Admins read the fostering by the API, and nothing of the conversation.
        if (me.id !== participant.id && me.id !== owner.id) return <NotFound />
        const other = me.id === owner.id ? participant : owner
        const name = nameOf(other.name)
        return (
          <div className={styles.page}>
            <PageTitle title={text.with(name)}>
              <Named text={text.with} name={name} />
            </PageTitle>
            {me.id === owner.id ? (
              <IncomingRequest data={fostering} onReload={loaded.reload} inConversation />
            ) : (
              <MyFostering data={fostering} onReload={loaded.reload} inConversation />
            )}
            <Section>
              <Messages messages={messages} viewerId={me.id} earlier={{ ...earlier, data: undefined }} />
              {fostering.viewerCanWrite ? (
                <Composer
                  fosteringId={id}
                  onSent={(message) => {
                    add(message)
                    loaded.reload()
                  }}
                  onConflict={loaded.reload}
                />
              ) : (
                <p className={styles.closed}>{isFormer(other.name) ? text.left : areInContact(fostering, other) ? text.closed : text.ended(limits.CONVERSATION_DAYS)}</p>
              )}
              {!fostering.viewerCanWrite && me.id === participant.id && areInContact(fostering, owner) && <CarePlanOf catId={fostering.catProfile.id} />}
            </Section>
          </div>
        )
      }}
    </LoadedPage>
  )
}

/** Whether the two still see each other's address: then it is not time that has closed their conversation. */
const areInContact = ({ status }: { status: string }, other: { email: string | null }) =>
  ['APPROVED', 'ACTIVE'].includes(status) || (status === 'COMPLETED' && other.email !== null)

/** The conversation, which comes into view when the page opens: people come for what is new. */
function Section({ children }: { children: ReactNode }) {
  const text = useText().conversation
  const section = useRef<HTMLElement>(null)
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'end' }) // Browsers of late return a promise, which is no way to end an effect.
  }, [])
  return (
    <section ref={section} className={styles.section}>
      <h2>{text.title}</h2>
      {children}
    </section>
  )
}
