import { graphql } from '../api/graphql'

/** What the owner of the cat sees of a fostering. What the owner decides changes it. */
export const IncomingRequestFragment = graphql(`
  fragment IncomingRequest on Fostering {
    id
    startDate
    endDate
    status
    message
    rejectionReason
    viewerCanApprove
    createdAt
    catProfile {
      id
      name
    }
    participant {
      id
      name
      bio
      location
      email
      completedFosterings
      createdAt
    }
  }
`)
