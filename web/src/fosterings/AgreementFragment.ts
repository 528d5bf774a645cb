import { graphql, type ResultOf } from '../api/graphql'
import { ReferenceFragment } from '../references/ReferenceFragment'

/** What both sides see of a fostering after the request: its days, its end and the references. */
export const AgreementFragment = graphql(
  `
    fragment Agreement on Fostering {
      id
      startDate
      endDate
      status
      updatedAt
      endedBy
      endReason
      daysTaken
      openChange {
        id
        startDate
        endDate
        message
        proposedBy
      }
      catProfile {
        id
        name
        vaccinatedUntil
        promisedPeriods {
          startDate
          endDate
        }
        owner {
          id
          email
        }
      }
      participant {
        id
        email
      }
      viewerCanEdit
      viewerCanApprove
      endedAt
      viewerCanRefer
      references {
        id
        ...Reference
      }
    }
  `,
  [ReferenceFragment],
)

export type Agreed = ResultOf<typeof AgreementFragment>

/** The viewer's side of a fostering, and what the other side is called. */
export interface Sides {
  side: 'OWNER' | 'PARTICIPANT'
  other: string
}
