import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useLanguage } from '../text/language'
import { Avatar } from '../ui/Avatar'
import { Badge } from '../ui/Badge'
import { Icon } from '../ui/Icon'
import { PageTitle } from '../ui/PageTitle'
import { Paragraphs } from '../ui/Paragraphs'
import { Gallery } from './Gallery'
import styles from './CatPage.module.css'

export const CatDetailsFragment = graphql(`
  fragment CatDetails on CatProfile {
    id
    name
    age
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
`)

/** What there is to know about a cat. */
export function CatDetails({ data, actions }: { data: FragmentOf<typeof CatDetailsFragment>; actions?: ReactNode }) {
  const { text, format } = useLanguage()
  const cat = readFragment(CatDetailsFragment, data)
  return (
    <div className={styles.details}>
      <Gallery id={cat.id} name={cat.name} urls={cat.photosUrls} />
      <header className={styles.header}>
        <div className={styles.heading}>
          <PageTitle title={cat.name} />
          <Badge tone={cat.available ? 'good' : 'plain'}>{cat.available ? text.cat.available : text.cat.unavailable}</Badge>
        </div>
        <p className={styles.facts}>
          <span>{text.cat.age(cat.age)}</span>
          {cat.location && (
            <span>
              <Icon name="pin" />
              {cat.location}
            </span>
          )}
          <span>{text.cat.since(format.date(cat.createdAt))}</span>
        </p>
        {actions}
      </header>
      <Paragraphs text={cat.description} />
      {cat.specialCareInstructions && (
        <section className={styles.care}>
          <h2>{text.cat.specialCareInstructions}</h2>
          <Paragraphs text={cat.specialCareInstructions} />
        </section>
      )}
      <section className={styles.owner}>
        <Avatar id={cat.owner.id} name={cat.owner.name} />
        <p>
          {text.cat.livesWith} <Link to={`/people/${cat.owner.id}`}>{cat.owner.name}</Link>
          {cat.owner.email && (
            <>
              <br />
              <a href={`mailto:${cat.owner.email}`}>{cat.owner.email}</a>
            </>
          )}
        </p>
      </section>
    </div>
  )
}
