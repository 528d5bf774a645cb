import { graphql, readFragment, type ResultOf } from '../api/graphql'
import { ViewerFragment } from '../app/viewer'
import { CarePlanFragment } from './CarePlanFragment'

const CaredForFragment = graphql(
  `
    fragment CaredFor on CatProfile {
      id
      name
      owner {
        id
      }
      carePlan {
        ...CarePlan
      }
    }
  `,
  [CarePlanFragment],
)

/** A cat with its care plan. Whoever fosters it reads the plan even if one side has blocked the other, and the cat alone is not found. */
export const CarePlanQuery = graphql(
  `
    query CarePlan($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        ...CaredFor
      }
      fosterings(first: 1, filter: { role: PARTICIPANT, catProfileId: $id }) {
        edges {
          node {
            id
            catProfile {
              id
              ...CaredFor
            }
          }
        }
      }
    }
  `,
  [ViewerFragment, CaredForFragment],
)

export function catOf({ catProfile, fosterings }: ResultOf<typeof CarePlanQuery>) {
  const cat = catProfile ?? fosterings.edges[0]?.node.catProfile
  return cat && readFragment(CaredForFragment, cat)
}
