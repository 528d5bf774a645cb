import { graphql } from '../api/graphql'

/** What one side of a fostering says about the other. */
export const ReferenceFragment = graphql(`
  fragment Reference on Reference {
    id
    writtenBy
    tookPlace
    recommends
    text
    privateNote
    createdAt
    author {
      id
      name
    }
  }
`)
