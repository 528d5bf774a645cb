import { graphql } from '../api/graphql'
import { CatLinkFragment } from '../cats/CatLink'
import { PortraitFragment } from '../people/Portrait'
import { ReferencesSummaryFragment } from '../references/ReferencesSummary'
import { AgreementFragment } from './AgreementFragment'

/** What the owner of the cat sees of a fostering. What the owner decides changes it. */
export const IncomingRequestFragment = graphql(
  `
    fragment IncomingRequest on Fostering {
      id
      ...Agreement
      startDate
      endDate
      status
      message
      rejectionReason
      viewerCanApprove
      unreadMessages
      daysTaken
      createdAt
      updatedAt
      catProfile {
        id
        ...CatLink
      }
      participant {
        id
        name
        bio
        location
        place {
          id
          name
        }
        email
        completedFosterings
        createdAt
        ...Portrait
        ...ReferencesSummary
      }
    }
  `,
  [AgreementFragment, CatLinkFragment, PortraitFragment, ReferencesSummaryFragment],
)
