import { graphql } from '../api/graphql'

export const CarePlanFragment = graphql(`
  fragment CarePlan on CarePlan {
    feeding
    medication
    vet
    mayAuthorizeTreatment
    emergencyContact
    habits
    updatedAt
  }
`)

/** The texts of a care plan, in the order in which they are read. */
export const texts = ['feeding', 'medication', 'vet', 'emergencyContact', 'habits'] as const
