import type { ReactNode } from 'react'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useDate } from '../app/viewer'
import { MemberLink } from '../people/MemberLink'
import { Portrait, PortraitFragment } from '../people/Portrait'
import { Gallery } from '../photos/Gallery'
import { CatPhotosFragment } from '../photos/picture'
import { Whereabouts } from '../places/Whereabouts'
import { useText } from '../text/language'
import { Badge } from '../ui/Badge'
import { MailLink } from '../ui/MailLink'
import { PageTitle } from '../ui/PageTitle'
import { Paragraphs } from '../ui/Paragraphs'
import { CatAge, CatAgeFragment, CatFacts, CatFactsFragment } from './CatFacts'
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
      ...CatPhotos
      location
      place {
        id
        name
      }
      available
      createdAt
      owner {
        id
        name
        email
        ...Portrait
      }
    }
  `,
  [CatAgeFragment, CatFactsFragment, CatPhotosFragment, PortraitFragment],
)

/** What there is to know about a cat. The children stand between what everybody reads and its owner. */
export function CatDetails({ data, actions, children }: { data: FragmentOf<typeof CatDetailsFragment>; actions?: ReactNode; children: ReactNode }) {
  const text = useText()
  const dateOf = useDate()
  const cat = readFragment(CatDetailsFragment, data)
  return (
    <div className={styles.details}>
      <Gallery data={cat} own={!!actions} />
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
          <Whereabouts place={cat.place} location={cat.location} />
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
        <Portrait data={cat.owner} />
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
