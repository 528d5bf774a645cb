import { useRef } from 'react'
import { Link } from 'react-router'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import * as limits from '../api/limits'
import { isOpen } from '../fosterings/status'
import { StatusBadge } from '../fosterings/StatusBadge'
import { useLanguage } from '../text/language'
import { Calendar } from '../ui/Calendar'
import { Form, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { PeriodFields } from '../ui/PeriodFields'
import styles from './CatPage.module.css'

export const CatRequestFragment = graphql(`
  fragment CatRequest on CatProfile {
    id
    name
    available
    vaccinatedUntil
    owner {
      id
      name
    }
    promisedPeriods {
      startDate
      endDate
    }
    viewerCanFoster
    fosterings(first: 1) {
      edges {
        node {
          id
          startDate
          endDate
          status
          participant {
            id
          }
        }
      }
    }
  }
`)

export const RequestFosteringMutation = graphql(
  `
    mutation RequestFostering($input: RequestFosteringInput!) {
      requestFostering(input: $input) {
        id
        catProfile {
          id
          ...CatRequest
        }
      }
    }
  `,
  [CatRequestFragment],
)

interface CatRequestProps {
  data: FragmentOf<typeof CatRequestFragment>
  viewerId: string
  onReload: () => void
}

/** The calendar of a cat, and the form with which a member asks to foster it. */
export function CatRequest({ data, viewerId, onReload }: CatRequestProps) {
  const { text, format } = useLanguage()
  const notify = useNotice()
  const cat = readFragment(CatRequestFragment, data)
  const [, request] = useMutation(RequestFosteringMutation)
  const section = useRef<HTMLElement>(null)
  const latest = cat.fosterings.edges[0]?.node
  const own = latest && latest.participant.id === viewerId && isOpen(latest.status) ? latest : undefined

  if (cat.viewerCanFoster) {
    return (
      <section ref={section} tabIndex={-1} className={styles.request}>
        <h2>
          <Named text={text.fostering.askFor} name={cat.name} />
        </h2>
        <Form
          draft={`request-${cat.id}`}
          once
          submit={text.fostering.ask}
          onReload={onReload}
          onSubmit={async (form) => {
            const { error } = await request({
              input: {
                catProfileId: cat.id,
                startDate: textOf(form, 'startDate'),
                endDate: textOf(form, 'endDate'),
                message: textOf(form, 'message'),
                idempotencyKey: textOf(form, 'idempotencyKey'),
              },
            })
            if (error) return failureOf(error)
            notify(<Named text={text.fostering.asked} name={cat.owner.name} />)
            section.current?.focus() // The form is gone, and what was asked for is in its place.
          }}
        >
          <PeriodFields taken={cat.promisedPeriods} vaccinatedUntil={cat.vaccinatedUntil} />
          <TextArea label={text.fostering.message} name="message" maxLength={limits.MAX_TEXT} optional hint={<Named text={text.fostering.messageHint} name={cat.owner.name} />} />
        </Form>
      </section>
    )
  }
  return (
    <section ref={section} tabIndex={-1} className={styles.request}>
      <h2>{text.fostering.freeDays}</h2>
      {own ? (
        <p className={styles.own}>
          {text.fostering.yours} <strong>{format.period(own)}</strong> <StatusBadge {...own} />{' '}
          <Link to="/fosterings">{text.nav.fosterings}</Link>
        </p>
      ) : (
        !cat.available && (
          <p>
            <Named text={text.fostering.notAvailable} name={cat.name} />
          </p>
        )
      )}
      <Calendar taken={cat.promisedPeriods} />
    </section>
  )
}
