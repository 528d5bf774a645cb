import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'
import { PagedList } from '../ui/PagedList'
import { PageTitle } from '../ui/PageTitle'
import styles from './Fostering.module.css'
import { Request, RequestFragment } from './Request'
import { Tabs, usePart } from './tabs'

export const RequestsQuery = graphql(
  `
    query Requests($first: Int!, $after: Cursor, $status: [FosteringStatus!], $orderBy: FosteringOrder) {
      ...Viewer
      fosterings(first: $first, after: $after, filter: { role: OWNER, status: $status }, orderBy: $orderBy) {
        edges {
          node {
            id
            ...Request
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ViewerFragment, RequestFragment],
)

/** What others ask of the viewer's cats. */
export function RequestsPage() {
  const text = useText()
  const { part } = usePart()
  return (
    <div className={styles.page}>
      <PageTitle title={text.requests.title} />
      <Tabs part={part} open={text.requests.open} />
      <List key={part} />
    </div>
  )
}

function List() {
  const text = useText()
  const { part, variables } = usePart()
  const list = usePages(RequestsQuery, { first: 20, ...variables }, (data) => data.fosterings.pageInfo)
  const { title, help } = text.requests.empty[part]
  return (
    <PagedList
      list={list}
      items={(data) => data.fosterings.edges.map((edge) => edge.node)}
      empty={
        <EmptyState title={title} action={<ButtonLink to="/profile">{text.requests.toMyCats}</ButtonLink>}>
          {help}
        </EmptyState>
      }
    >
      {(node) => <Request data={node} onReload={list.reload} />}
    </PagedList>
  )
}
