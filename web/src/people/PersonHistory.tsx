import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { CatLink, CatLinkFragment } from '../cats/CatLink'
import { StatusBadge } from '../fosterings/StatusBadge'
import { useLanguage } from '../text/language'
import styles from './Person.module.css'

export const PersonHistoryFragment = graphql(
  `
    fragment PersonHistory on User {
      fosterings(first: 10) {
        edges {
          node {
            id
            startDate
            endDate
            status
            catProfile {
              id
              ...CatLink
            }
          }
        }
      }
    }
  `,
  [CatLinkFragment],
)

/** A member's newest fosterings, as far as the viewer may see them. */
export function PersonHistory({ data }: { data: FragmentOf<typeof PersonHistoryFragment> }) {
  const { text, format } = useLanguage()
  const history = readFragment(PersonHistoryFragment, data).fosterings.edges.map((edge) => edge.node)
  if (history.length === 0) return null
  return (
    <section className={styles.section}>
      <h2>{text.person.history}</h2>
      <ul className={styles.history}>
        {history.map((fostering) => (
          <li key={fostering.id}>
            <span>
              <CatLink data={fostering.catProfile} />
            </span>
            <span>{format.period(fostering)}</span>
            <StatusBadge {...fostering} />
          </li>
        ))}
      </ul>
    </section>
  )
}
