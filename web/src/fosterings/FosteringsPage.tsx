import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'
import { PagedList } from '../ui/PagedList'
import { PageTitle } from '../ui/PageTitle'
import styles from './Fostering.module.css'
import { MyFostering, MyFosteringFragment } from './MyFostering'
import { Tabs, usePart } from './tabs'

export const FosteringsQuery = graphql(
  `
    query Fosterings($first: Int!, $after: Cursor, $status: [FosteringStatus!], $orderBy: FosteringOrder) {
      ...Viewer
      fosterings(first: $first, after: $after, filter: { role: PARTICIPANT, status: $status }, orderBy: $orderBy) {
        edges {
          node {
            id
            ...MyFostering
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ViewerFragment, MyFosteringFragment],
)

/** What the viewer fosters, has fostered, and would like to foster. */
export function FosteringsPage() {
  const text = useText()
  const { part } = usePart()
  return (
    <div className={styles.page}>
      <PageTitle title={text.fosterings.title} />
      <Tabs part={part} open={text.fosterings.open} />
      <List key={part} />
    </div>
  )
}

function List() {
  const text = useText()
  const { part, variables } = usePart()
  const list = usePages(FosteringsQuery, { first: 20, ...variables }, (data) => data.fosterings.pageInfo)
  const { title, help } = text.fosterings.empty[part]
  return (
    <PagedList
      list={list}
      items={(data) => data.fosterings.edges.map((edge) => edge.node)}
      empty={
        <EmptyState title={title} action={<ButtonLink kind="primary" to="/cats?available=true">{text.ui.toCats}</ButtonLink>}>
          {help}
        </EmptyState>
      }
    >
      {(node) => <MyFostering data={node} onReload={list.reload} />}
    </PagedList>
  )
}
