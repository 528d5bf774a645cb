import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { EmptyState } from '../ui/EmptyState'
import { PagedList } from '../ui/PagedList'
import { Case, CaseFragment } from './Case'
import { useModerationText } from './text'

export const ModerationQueueQuery = graphql(
  `
    query ModerationQueue($first: Int!, $after: Cursor) {
      moderationQueue(first: $first, after: $after) {
        edges {
          node {
            subjectId
            ...Case
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [CaseFragment],
)

/** What waits for a decision of a moderator. */
export function Queue() {
  const text = useModerationText().queue
  const list = usePages(ModerationQueueQuery, { first: 10 }, (data) => data.moderationQueue)
  return (
    <section>
      <h2>{text.title}</h2>
      <p>{text.help}</p>
      <PagedList
        list={list}
        items={(data) => data.moderationQueue.edges.map(({ node }) => ({ ...node, id: node.subjectId }))}
        empty={<EmptyState title={text.empty} />}
      >
        {(found) => <Case data={found} onReload={list.reload} />}
      </PagedList>
    </section>
  )
}
