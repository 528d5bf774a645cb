import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { CatCardFragment, CatGrid } from '../cats/CatCard'
import { useText } from '../text/language'
import styles from './Person.module.css'

export const PersonCatsFragment = graphql(
  `
    fragment PersonCats on User {
      id
      catProfiles(first: 12) {
        edges {
          node {
            id
            ...CatCard
          }
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  `,
  [CatCardFragment],
)

interface PersonCatsProps {
  data: FragmentOf<typeof PersonCatsFragment>
  title: ReactNode
  action?: ReactNode
  /** Whether the member is the viewer. */
  own?: boolean
  empty: ReactNode
}

/** A member's newest cats, and the way to all of them. */
export function PersonCats({ data, title, action, own, empty }: PersonCatsProps) {
  const text = useText()
  const { id, catProfiles } = readFragment(PersonCatsFragment, data)
  const cats = catProfiles.edges.map((edge) => edge.node)
  return (
    <section className={styles.section}>
      <div className={styles.sectionHeader}>
        <h2>{title}</h2>
        {action}
      </div>
      {cats.length > 0 ? <CatGrid cats={cats} level={3} own={own} /> : empty}
      {catProfiles.pageInfo.hasNextPage && <Link to={`/cats?ownerId=${id}`}>{text.person.allCats}</Link>}
    </section>
  )
}
