import { useState } from 'react'
import { Link } from 'react-router'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { CatPhotosFragment, picturesOf } from '../photos/picture'
import { Whereabouts } from '../places/Whereabouts'
import { useText } from '../text/language'
import { Badge } from '../ui/Badge'
import { Photo } from '../ui/Photo'
import { SkeletonBlock, SkeletonLines } from '../ui/Skeleton'
import styles from './CatCard.module.css'
import { CatAge, CatAgeFragment } from './CatFacts'

export const CatCardFragment = graphql(
  `
    fragment CatCard on CatProfile {
      id
      name
      ...CatAge
      location
      place {
        id
        name
      }
      distanceKm
      available
      ...CatPhotos
    }
  `,
  [CatAgeFragment, CatPhotosFragment],
)

interface CatCardProps {
  data: FragmentOf<typeof CatCardFragment>
  level?: 2 | 3
  /** Whether it is the first one of a list. */
  first?: boolean
  /** Whether it is a cat of the viewer, who learns that its photo does not load. */
  own?: boolean
}

/** How wide the photo of a card is. */
const SIZES = '(min-width: 40rem) 20rem, 100vw'

/** A cat in a list. The whole card is a link to the cat's page. */
export function CatCard({ data, level = 2, first, own }: CatCardProps) {
  const Heading = `h${level}` as const
  const text = useText()
  const cat = readFragment(CatCardFragment, data)
  const [failed, setFailed] = useState(false)
  return (
    <article className={styles.card}>
      <div className={styles.photo}>
        <Photo picture={picturesOf(cat)[0]} alt={text.cat.photo(cat.name, 1)} id={cat.id} sizes={SIZES} first={first} onFailure={() => setFailed(true)} />
      </div>
      <div className={styles.body}>
        <Heading>
          <Link to={`/cats/${cat.id}`}>
            <bdi>{cat.name}</bdi>
          </Link>
        </Heading>
        <p className={styles.facts}>
          <CatAge data={cat} />
          <Whereabouts place={cat.place} location={cat.location} />
          {cat.distanceKm !== null && <span>{text.place.distance(cat.distanceKm)}</span>}
        </p>
        {own && failed && <p>{text.cat.photoFails('1')}</p>}
        {!cat.available && <Badge tone="plain">{text.cat.unavailable}</Badge>}
      </div>
    </article>
  )
}

interface CatGridProps {
  cats: readonly ({ id: string } & FragmentOf<typeof CatCardFragment>)[]
  level?: 2 | 3
  own?: boolean
  busy?: boolean
}

/** The cards of a list, in as many columns as there is room for. */
export function CatGrid({ cats, level, own, busy }: CatGridProps) {
  return (
    <ul className={styles.grid} aria-busy={busy}>
      {cats.map((cat, n) => (
        <li key={cat.id}>
          <CatCard data={cat} first={n === 0} {...{ level, own }} />
        </li>
      ))}
    </ul>
  )
}

/** Stands in for cards that are being loaded. */
export function CatGridSkeleton() {
  return (
    <div className={styles.grid} aria-hidden="true">
      {Array.from({ length: 6 }, (_, card) => (
        <div key={card} className={styles.card}>
          <div className={styles.photo}>
            <SkeletonBlock />
          </div>
          <div className={styles.body}>
            <SkeletonLines lines={2} />
          </div>
        </div>
      ))}
    </div>
  )
}
