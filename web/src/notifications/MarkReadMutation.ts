import { graphql } from '../api/graphql'

/** Marks a notification and all older ones as read, or those of them that are about an object. */
export const MarkReadMutation = graphql(`
  mutation MarkNotificationsRead($upTo: ID!, $about: ID) {
    markNotificationsRead(upTo: $upTo, about: $about) {
      id
      unreadNotifications
    }
  }
`)
