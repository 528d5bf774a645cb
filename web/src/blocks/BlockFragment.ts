import { graphql } from '../api/graphql'

/** A member, and whether the viewer has blocked them. */
export const BlockFragment = graphql(`
  fragment Block on User {
    id
    name
    viewerHasBlocked
  }
`)
