import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { MemberLink } from '../people/MemberLink'
import { useText } from '../text/language'
import { Avatar } from '../ui/Avatar'
import { PagedList } from '../ui/PagedList'
import { AdminActions, AdminActionsFragment } from './AdminActions'
import styles from './ModerationPage.module.css'

export const AdminsQuery = graphql(
  `
    query Admins($first: Int!, $after: Cursor) {
      admins(first: $first, after: $after) {
        edges {
          node {
            id
            name
            email
            ...AdminActions
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [AdminActionsFragment],
)

/** The admins, for super admins. Members become admins on their own page. */
export function Admins() {
  const text = useText().admin
  const list = usePages(AdminsQuery, { first: 50 }, (data) => data.admins)
  return (
    <section>
      <h2>{text.title}</h2>
      <p>
        {text.powers} {text.intro}
      </p>
      <PagedList list={list} items={(data) => data.admins.edges.map((edge) => edge.node)} empty={null}>
        {(admin) => (
          <div className={styles.admin}>
            <Avatar id={admin.id} name={admin.name} />
            <p>
              <MemberLink id={admin.id} name={admin.name} />
              <br />
              <bdi>{admin.email}</bdi>
            </p>
            <AdminActions data={admin} />
          </div>
        )}
      </PagedList>
    </section>
  )
}
