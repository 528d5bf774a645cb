import { Link } from 'react-router'
import { useClient } from 'urql'
import { useViewer, ViewerQuery } from '../app/viewer'
import { useLive } from '../live/useLive'
import { useText } from '../text/language'
import { Icon } from '../ui/Icon'
import styles from './Notifications.module.css'

/** The way to what the viewer hears of, and how much of it is unread. */
export function Bell() {
  const text = useText().notifications
  const viewer = useViewer()
  const client = useClient()
  useLive('NOTIFICATION', () => void client.query(ViewerQuery, {}, { requestPolicy: 'network-only' }).toPromise())
  if (!viewer) return null
  const unread = viewer.unreadNotifications
  return (
    <Link className={styles.bell} to="/notifications" aria-label={text.bell(unread)}>
      <Icon name="bell" />
      {unread > 0 && <span className={styles.count}>{unread > 99 ? '99+' : unread}</span>}
    </Link>
  )
}
