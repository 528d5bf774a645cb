import { graphql, type ResultOf } from '../api/graphql'
import { ViewerFragment } from '../app/viewer'
import { IncomingRequestFragment } from '../fosterings/IncomingRequestFragment'
import { MyFosteringFragment } from '../fosterings/MyFostering'

/** How many messages are loaded at once. */
export const PAGE = 20

export const MessagesFragment = graphql(`
  fragment Messages on MessageConnection {
    edges {
      cursor
      node {
        id
        text
        createdAt
        author {
          id
          name
        }
      }
    }
    pageInfo {
      hasPreviousPage
    }
  }
`)

export type MessagesPage = ResultOf<typeof MessagesFragment>

/** A fostering and its newest messages. Whoever executes it again with the same variables brings the page up to date. */
export const ConversationQuery = graphql(
  `
    query Conversation($id: ID!, $last: Int!) {
      ...Viewer
      me {
        id
        unreadNotifications
        notifications(first: 1) {
          edges {
            node {
              id
            }
          }
        }
      }
      fostering(id: $id) {
        id
        viewerCanWrite
        status
        participant {
          id
          name
          email
        }
        catProfile {
          id
          owner {
            id
            name
            email
          }
        }
        messages(last: $last) {
          ...Messages
        }
        ...MyFostering
        ...IncomingRequest
      }
    }
  `,
  [ViewerFragment, MessagesFragment, MyFosteringFragment, IncomingRequestFragment],
)

export const EarlierMessagesQuery = graphql(
  `
    query EarlierMessages($id: ID!, $last: Int!, $before: Cursor!) {
      ...Viewer
      fostering(id: $id) {
        id
        messages(last: $last, before: $before) {
          ...Messages
        }
      }
    }
  `,
  [ViewerFragment, MessagesFragment],
)

export const SendMessageMutation = graphql(`
  mutation SendMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      id
      text
      createdAt
      author {
        id
        name
      }
    }
  }
`)

export type Message = ResultOf<typeof SendMessageMutation>['sendMessage']
