import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { MemberLink } from '../people/MemberLink'
import { useLanguage } from '../text/language'
import { PagedList } from '../ui/PagedList'
import { useModerationText } from './text'

export const AuditEntriesQuery = graphql(`
  query AuditEntries($first: Int!, $after: Cursor, $subjectId: ID) {
    auditEntries(first: $first, after: $after, subjectId: $subjectId) {
      edges {
        node {
          id
          action
          detail
          reason
          createdAt
          actor {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

/** What was done with power over others, or to one member, the newest first. */
export function AuditLog({ subjectId }: { subjectId?: string }) {
  const text = useModerationText()
  const { format } = useLanguage()
  const list = usePages(AuditEntriesQuery, { first: 20, subjectId: subjectId ?? null }, (data) => data.auditEntries)
  return (
    <section>
      <h2>{text.log}</h2>
      <PagedList list={list} items={(data) => data.auditEntries.edges.map((edge) => edge.node)} empty={<p>{text.noEntries}</p>}>
        {({ action, detail, reason, createdAt, actor }) => (
          <p>
            <time dateTime={createdAt}>
              {format.date(createdAt)}, {format.time(createdAt)}
            </time>{' '}
            <strong>{text.actions[action] ?? action}</strong> {detail && <bdi>({detail})</bdi>} · {actor ? <MemberLink {...actor} /> : text.operator}
            {reason && (
              <>
                <br />
                <bdi>{reason}</bdi>
              </>
            )}
          </p>
        )}
      </PagedList>
    </section>
  )
}
