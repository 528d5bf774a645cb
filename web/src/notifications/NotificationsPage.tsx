import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { graphql } from '../api/graphql'
import { usePages } from '../api/useData'
import { ViewerFragment, viewerOf } from '../app/viewer'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'
import { FailurePanel } from '../ui/FailurePanel'
import { PagedList } from '../ui/PagedList'
import { PageTitle } from '../ui/PageTitle'
import { placeAround } from '../ui/placeAround'
import { MarkReadMutation } from './MarkReadMutation'
import { NotificationItem, NotificationItemFragment } from './NotificationItem'
import styles from './Notifications.module.css'

export const NotificationsQuery = graphql(
  `
    query Notifications($first: Int!, $after: Cursor) {
      ...Viewer
      me {
        id
        notifications(first: $first, after: $after) {
          edges {
            node {
              id
              ...NotificationItem
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [ViewerFragment, NotificationItemFragment],
)

/** What the viewer hears of. Whoever opens what a notification is about has read it. */
export function NotificationsPage() {
  const text = useText().notifications
  const [failure, setFailure] = useState<Failure>()
  const list = usePages(NotificationsQuery, { first: 20 }, (data) => data.me.notifications)
  const [, markRead] = useMutation(MarkReadMutation)
  const newest = list.data?.me.notifications.edges[0]?.node
  const unread = list.data ? viewerOf(list.data).unreadNotifications : 0

  async function mark(upTo: string, about?: string) {
    const { error } = await markRead({ upTo, about: about ?? null })
    setFailure(error && failureOf(error))
    list.reload()
  }

  return (
    <div className={styles.page}>
      <div className={styles.heading}>
        <PageTitle title={text.title} />
        {newest && unread > 0 && (
          <Button
            small
            onClick={({ currentTarget }) => {
              placeAround(currentTarget)?.focus({ preventScroll: true }) // The button is about to go.
              void mark(newest.id)
            }}
          >
            {text.markAll}
          </Button>
        )}
      </div>
      {failure && <FailurePanel failure={failure} onRetry={list.reload} />}
      <PagedList
        list={list}
        items={(data) => data.me.notifications.edges.map((edge) => edge.node)}
        empty={<EmptyState title={text.empty}>{text.emptyHelp}</EmptyState>}
      >
        {(item) => <NotificationItem data={item} onOpen={(about) => void mark(item.id, about)} />}
      </PagedList>
    </div>
  )
}
