import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { useDate } from '../app/viewer'
import { MemberLink } from '../people/MemberLink'
import { PagedList } from '../ui/PagedList'
import { Paragraphs } from '../ui/Paragraphs'
import styles from './Queue.module.css'
import { useModerationText } from './text'

export const MemberReportsQuery = graphql(`
  query MemberReports($id: ID!, $first: Int!, $after: Cursor) {
    user(id: $id) {
      id
      reportsAbout(first: $first, after: $after) {
        edges {
          node {
            id
            subjectKind
            reason
            text
            createdAt
            decision
            decisionReason
            resolvedBy {
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
  }
`)

/** What was reported of a member, the newest first, and what moderators have decided. */
export function MemberReports({ id }: { id: string }) {
  const text = useModerationText().queue
  const dateOf = useDate()
  const list = usePages(MemberReportsQuery, { id, first: 10 }, (data) => data.user?.reportsAbout)
  return (
    <section>
      <h2>{text.title}</h2>
      <PagedList list={list} items={(data) => data.user?.reportsAbout.edges.map((edge) => edge.node) ?? []} empty={<p>{text.noneAbout}</p>}>
        {(report) => (
          <div className={styles.case}>
            <p className={styles.facts}>
              <strong>
                {text.kinds[report.subjectKind]}: {text.reasons[report.reason]}
              </strong>
              <span>{dateOf(report.createdAt)}</span>
            </p>
            {report.text && <Paragraphs text={report.text} />}
            <p className={styles.facts}>
              <span>{report.decision ? text.decisions[report.decision] : text.waits}</span>
              {report.resolvedBy && <MemberLink {...report.resolvedBy} />}
            </p>
            {report.decisionReason && <Paragraphs text={report.decisionReason} />}
          </div>
        )}
      </PagedList>
    </section>
  )
}
