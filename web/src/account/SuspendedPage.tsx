import { useText } from '../text/language'
import { Contact } from '../ui/Contact'
import { PageTitle } from '../ui/PageTitle'
import styles from './AccountPage.module.css'
import { DeleteAccount } from './DeleteAccount'

/** What a suspended member can still do. The API tells such a member nothing, not even the address of the account. */
export function SuspendedPage() {
  const text = useText()
  return (
    <div className={styles.card}>
      <PageTitle title={text.failure.reasons.SUSPENDED.title} />
      <Contact />
      <DeleteAccount />
    </div>
  )
}
