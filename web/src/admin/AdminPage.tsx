import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { MemberLink } from '../people/MemberLink'
import { useText } from '../text/language'
import { Avatar } from '../ui/Avatar'
import { PagedList } from '../ui/PagedList'
import { PageTitle } from '../ui/PageTitle'
import { AdminActions, AdminActionsFragment } from './AdminActions'
import styles from './AdminPage.module.css'

export const AdminsQuery = graphql(
  `
    query Admins($first: Int!, $after: Cursor) {
      ...Viewer
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
  [ViewerFragment, AdminActionsFragment],
)

/** The admins, for super admins. Members become admins on their own page. */
export function AdminPage() {
  const text = useText().admin
  const list = usePages(AdminsQuery, { first: 50 }, (data) => data.admins.pageInfo)
  return (
    <div className={styles.page}>
      <PageTitle title={text.title} />
      <p>
        {text.powers} {text.intro}
      </p>
      <PagedList list={list} items={(data) => data.admins.edges.map((edge) => edge.node)} empty={null} forbidden={text.superOnly}>
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
    </div>
  )
}
