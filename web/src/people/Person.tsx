import type { ReactNode } from 'react'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useLanguage } from '../text/language'
import { Avatar } from '../ui/Avatar'
import { Icon } from '../ui/Icon'
import { PageTitle } from '../ui/PageTitle'
import { Paragraphs } from '../ui/Paragraphs'
import { Badge } from '../ui/Badge'
import styles from './Person.module.css'

export const PersonFragment = graphql(`
  fragment Person on User {
    id
    name
    bio
    location
    email
    isAdmin
    completedFosterings
    createdAt
  }
`)

/** Who a member is, by what the viewer may know of them. */
export function Person({ data, actions }: { data: FragmentOf<typeof PersonFragment>; actions?: ReactNode }) {
  const { text, format } = useLanguage()
  const person = readFragment(PersonFragment, data)
  return (
    <header className={styles.person}>
      <Avatar id={person.id} name={person.name} large />
      <div className={styles.about}>
        <div className={styles.name}>
          <PageTitle title={person.name} />
          {person.isAdmin && <Badge tone="info">{text.person.admin}</Badge>}
        </div>
        <p className={styles.facts}>
          {person.location && (
            <span>
              <Icon name="pin" />
              {person.location}
            </span>
          )}
          <span>{text.person.since(format.date(person.createdAt))}</span>
          <span>{text.person.completed(person.completedFosterings)}</span>
          {person.email && (
            <span>
              <Icon name="mail" />
              <a href={`mailto:${person.email}`}>{person.email}</a>
            </span>
          )}
        </p>
        {person.bio && <Paragraphs text={person.bio} />}
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </header>
  )
}
