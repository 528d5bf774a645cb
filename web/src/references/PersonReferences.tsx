import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { PagedList } from '../ui/PagedList'
import { ReferenceCard } from './ReferenceCard'
import { ReferenceFragment } from './ReferenceFragment'
import styles from './References.module.css'
import { ReferencesSummary, ReferencesSummaryFragment } from './ReferencesSummary'
import { useReferenceText } from './useReferenceText'

export const PersonReferencesQuery = graphql(
  `
    query PersonReferences($id: ID!, $first: Int!, $after: Cursor) {
      ...Viewer
      user(id: $id) {
        id
        ...ReferencesSummary
        references(first: $first, after: $after) {
          edges {
            node {
              id
              ...Reference
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [ViewerFragment, ReferencesSummaryFragment, ReferenceFragment],
)

/** What others have written about a member, page by page. */
export function PersonReferences({ id }: { id: string }) {
  const text = useReferenceText()
  const list = usePages(PersonReferencesQuery, { id, first: 10 }, ({ user }) => user?.references)
  const user = list.data?.user
  return (
    <section className={styles.section}>
      <h2>{text.title}</h2>
      {user && <ReferencesSummary data={user} className={styles.hint} />}
      <PagedList list={list} items={({ user }) => user?.references.edges.map((edge) => edge.node) ?? []} empty={<p>{text.none}</p>}>
        {(reference) => <ReferenceCard data={reference} />}
      </PagedList>
    </section>
  )
}
