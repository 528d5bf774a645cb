import type { ReactNode } from 'react'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useDate } from '../app/viewer'
import { Whereabouts } from '../places/Whereabouts'
import { useText } from '../text/language'
import { Icon } from '../ui/Icon'
import { MailLink } from '../ui/MailLink'
import { PageTitle } from '../ui/PageTitle'
import { Paragraphs } from '../ui/Paragraphs'
import { Badge } from '../ui/Badge'
import { Portrait, PortraitFragment } from './Portrait'
import styles from './Person.module.css'

export const PersonFragment = graphql(
  `
    fragment Person on User {
      id
      name
      bio
      location
      place {
        id
        name
      }
      email
      isAdmin
      completedFosterings
      createdAt
      ...Portrait
    }
  `,
  [PortraitFragment],
)

interface PersonProps {
  data: FragmentOf<typeof PersonFragment>
  /** Whether what the member has done is hidden, as the viewer has blocked them. */
  hidden?: boolean
  actions?: ReactNode
}

/** Who a member is, by what the viewer may know of them. */
export function Person({ data, hidden, actions }: PersonProps) {
  const text = useText()
  const dateOf = useDate()
  const person = readFragment(PersonFragment, data)
  return (
    <header className={styles.person}>
      <Portrait data={person} large />
      <div className={styles.about}>
        <div className={styles.name}>
          <PageTitle title={person.name}>
            <bdi>{person.name}</bdi>
          </PageTitle>
          {person.isAdmin && <Badge tone="info">{text.person.admin}</Badge>}
        </div>
        <p className={styles.facts}>
          <Whereabouts place={person.place} location={person.location} />
          <span>{text.person.since(dateOf(person.createdAt))}</span>
          {!hidden && <span>{text.person.completed(person.completedFosterings)}</span>}
          {person.email && (
            <span>
              <Icon name="mail" />
              <MailLink address={person.email} />
            </span>
          )}
        </p>
        {person.bio && <Paragraphs text={person.bio} />}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </header>
  )
}
