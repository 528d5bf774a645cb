import type { ReactNode } from 'react'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useDate } from '../app/viewer'
import { MemberLink } from '../people/MemberLink'
import { useText } from '../text/language'
import { Avatar } from '../ui/Avatar'
import { Badge } from '../ui/Badge'
import { Icon } from '../ui/Icon'
import { MailLink } from '../ui/MailLink'
import { PageTitle } from '../ui/PageTitle'
import { Paragraphs } from '../ui/Paragraphs'
import { CatAge, CatAgeFragment, CatFacts, CatFactsFragment } from './CatFacts'
import { Gallery } from './Gallery'
import styles from './CatPage.module.css'

export const CatDetailsFragment = graphql(
  `
    fragment CatDetails on CatProfile {
      id
      name
      ...CatAge
      ...CatFacts
      description
      specialCareInstructions
      photosUrls
      location
      available
      createdAt
      owner {
        id
        name
        email
      }
    }
  `,
  [CatAgeFragment, CatFactsFragment],
)

/** What there is to know about a cat. The children stand between what everybody reads and its owner. */
export function CatDetails({ data, actions, children }: { data: FragmentOf<typeof CatDetailsFragment>; actions?: ReactNode; children: ReactNode }) {
  const text = useText()
  const dateOf = useDate()
  const cat = readFragment(CatDetailsFragment, data)
  return (
    <div className={styles.details}>
      <Gallery id={cat.id} name={cat.name} urls={cat.photosUrls} own={!!actions} />
      <header className={styles.header}>
        <div className={styles.heading}>
          <PageTitle title={cat.name}>
            <bdi>{cat.name}</bdi>
          </PageTitle>
          <Badge tone={cat.available ? 'good' : 'plain'}>{cat.available ? text.cat.available : text.cat.unavailable}</Badge>
        </div>
        <p className={styles.facts}>
          <span>
            <CatAge data={cat} />
          </span>
          {cat.location && (
            <span>
              <Icon name="pin" />
              <bdi>{cat.location}</bdi>
            </span>
          )}
          <span>{text.cat.since(dateOf(cat.createdAt))}</span>
        </p>
        <CatFacts data={cat} />
        {actions}
      </header>
      <Paragraphs text={cat.description} />
      {cat.specialCareInstructions && (
        <section className={styles.care}>
          <h2>{text.cat.specialCareInstructions}</h2>
          <Paragraphs text={cat.specialCareInstructions} />
        </section>
      )}
      {children}
      <section className={styles.owner}>
        <Avatar id={cat.owner.id} name={cat.owner.name} />
        <p>
          {text.cat.livesWith} <MemberLink {...cat.owner} />
          {cat.owner.email && (
            <>
              <br />
              <MailLink address={cat.owner.email} />
            </>
          )}
        </p>
      </section>
    </div>
  )
}
