import { graphql } from '../api/graphql'

export const ModerationActionsFragment = graphql(`
  fragment ModerationActions on User {
    id
    name
    isAdmin
    isModerator
    suspension {
      until
      reason
    }
  }
`)
