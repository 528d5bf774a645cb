import { Link, useParams } from 'react-router'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { AdminActions, AdminActionsFragment } from '../admin/AdminActions'
import { StatusBadge } from '../fosterings/StatusBadge'
import { useLanguage } from '../text/language'
import { PageFailure } from '../ui/FailurePanel'
import { NotFound } from '../ui/NotFound'
import { SkeletonLines } from '../ui/Skeleton'
import { Person, PersonFragment } from './Person'
import { PersonCats, PersonCatsFragment } from './PersonCats'
import styles from './Person.module.css'

export const PersonQuery = graphql(
  `
    query Person($id: ID!) {
      ...Viewer
      me {
        id
        isSuperAdmin
      }
      user(id: $id) {
        id
        name
        ...Person
        ...PersonCats
        ...AdminActions
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
    }
  `,
  [ViewerFragment, PersonFragment, PersonCatsFragment, AdminActionsFragment],
)

export function PersonPage() {
  const { id } = useParams()
  return <PersonView key={id} id={id!} />
}

function PersonView({ id }: { id: string }) {
  const { text, format } = useLanguage()
  const { data, failure, reload } = useData(PersonQuery, { id })
  if (failure?.code === 'BAD_USER_INPUT') return <NotFound />
  if (failure) return <PageFailure failure={failure} onRetry={reload} />
  if (!data) return <SkeletonLines lines={6} />
  const person = data.user
  if (!person) return <NotFound />
  const history = person.fosterings.edges.map((edge) => edge.node)
  return (
    <div className={styles.page}>
      <Person data={person} actions={data.me.isSuperAdmin && <AdminActions data={person} />} />
      {history.length > 0 && (
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
      )}
      <PersonCats data={person} title={text.person.cats(person.name)} empty={<p>{text.person.noCats(person.name)}</p>} />
    </div>
  )
}
