import { Section } from '../account/Section'
import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { PagedList } from '../ui/PagedList'
import styles from './BlockedMembers.module.css'
import { Unblock } from './Unblock'
import { useBlocksText } from './text'

export const BlockedUsersQuery = graphql(`
  query BlockedUsers($first: Int!, $after: Cursor) {
    blockedUsers(first: $first, after: $after) {
      edges {
        node {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

/** The members whom the viewer has blocked: nothing else leads to them. */
export function BlockedMembers() {
  const text = useBlocksText()
  const list = usePages(BlockedUsersQuery, { first: 50 }, (data) => data.blockedUsers)
  return (
    <Section title={text.title} intro={text.intro}>
      <PagedList list={list} items={(data) => data.blockedUsers.edges.map((edge) => edge.node)} empty={<p>{text.none}</p>}>
        {(member) => (
          <div className={styles.member}>
            <bdi>{member.name}</bdi>
            <Unblock {...member} />
          </div>
        )}
      </PagedList>
    </Section>
  )
}
