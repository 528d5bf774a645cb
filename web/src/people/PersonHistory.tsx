import { Link } from 'react-router'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { StatusBadge } from '../fosterings/StatusBadge'
import { useLanguage } from '../text/language'
import styles from './Person.module.css'

export const PersonHistoryFragment = graphql(`
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
            name
          }
        }
      }
    }
  }
`)

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
            <Link to={`/cats/${fostering.catProfile.id}`}>{fostering.catProfile.name}</Link>
            <span>{format.period(fostering)}</span>
            <StatusBadge status={fostering.status} />
          </li>
        ))}
      </ul>
    </section>
  )
}
