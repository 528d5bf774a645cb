import { graphql } from '../api/graphql'
import { ViewerFragment } from '../app/viewer'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { FosteringParts } from './FosteringParts'
import { IncomingRequest } from './IncomingRequest'
import { RejectTaken } from './RejectTaken'
import { IncomingRequestFragment } from './IncomingRequestFragment'

export const RequestsQuery = graphql(
  `
    query Requests($first: Int!, $after: Cursor, $status: [FosteringStatus!], $orderBy: FosteringOrder) {
      ...Viewer
      fosterings(first: $first, after: $after, filter: { role: OWNER, status: $status }, orderBy: $orderBy) {
        edges {
          node {
            id
            updatedAt
            daysTaken
            ...IncomingRequest
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ViewerFragment, IncomingRequestFragment],
)

/** What others ask of the viewer's cats. */
export function RequestsPage() {
  const text = useText().requests
  return (
    <FosteringParts
      query={RequestsQuery}
      text={text}
      action={<ButtonLink to="/profile">{text.toMyCats}</ButtonLink>}
      above={RejectTaken}
    >
      {(request, onReload) => <IncomingRequest data={request} onReload={onReload} />}
    </FosteringParts>
  )
}
