import { graphql } from '../api/graphql'
import { ViewerFragment } from '../app/viewer'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { FosteringParts } from './FosteringParts'
import { MyFostering, MyFosteringFragment } from './MyFostering'

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
  return (
    <FosteringParts
      query={FosteringsQuery}
      text={text.fosterings}
      action={<ButtonLink kind="primary" to="/cats?available=true">{text.ui.toCats}</ButtonLink>}
    >
      {(fostering, onReload) => <MyFostering data={fostering} onReload={onReload} />}
    </FosteringParts>
  )
}
