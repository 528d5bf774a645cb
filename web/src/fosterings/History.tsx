import { useState } from 'react'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { useDate } from '../app/viewer'
import { useLanguage } from '../text/language'
import { FailurePanel } from '../ui/FailurePanel'
import { Named } from '../ui/Named'
import { SkeletonLines } from '../ui/Skeleton'
import type { Sides } from './AgreementFragment'
import styles from './Fostering.module.css'
import { whoOf } from './status'

export const FosteringHistoryQuery = graphql(`
  query FosteringHistory($id: ID!) {
    fostering(id: $id) {
      id
      events {
        kind
        party
        startDate
        endDate
        message
        createdAt
      }
    }
  }
`)

/** What happened to a fostering. Few look, and it is the most expensive part of a card: it is loaded when somebody does. */
export function History(props: Sides & { id: string }) {
  const { text } = useLanguage()
  const [open, setOpen] = useState(false)
  return (
    <details className={styles.history} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.fostering.history}</summary>
      {open && <Events {...props} />}
    </details>
  )
}

function Events({ id, side, other }: Sides & { id: string }) {
  const { text, format } = useLanguage()
  const dateOf = useDate()
  const { data, failure, reload } = useData(FosteringHistoryQuery, { id })
  if (failure) return <FailurePanel failure={failure} onRetry={reload} />
  if (!data) return <SkeletonLines lines={2} />
  return (
    <ul>
      {data.fostering?.events.map((event, n) => (
        <li key={n}>
          {dateOf(event.createdAt)} · {text.fostering.events[event.kind]} ({format.period(event)})
          {event.party !== 'SYSTEM' && (
            <>
              {' · '}
              <Named text={(name) => text.fostering.who(whoOf(event.party, side), name)} name={other} />
            </>
          )}
          {event.message && (
            <>
              {' · '}“<bdi>{event.message}</bdi>”
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
