import { logOut } from '../kratos/client'
import { useText } from '../text/language'
import { useNotice } from '../ui/notice'

/** Returns the function that ends the session and goes to a page, as a new document, so that nothing of the visitor is left. */
export function useLogOut(): (path: string) => Promise<void> {
  const text = useText()
  const notify = useNotice()
  return async (path) => {
    if (await logOut()) location.assign(path)
    else notify(text.failure.UNAVAILABLE.help)
  }
}
