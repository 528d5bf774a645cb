import { useEffect } from 'react'
import { renewCookie } from '../kratos/sessions'
import { remember, remembered } from '../ui/storage'

const DAY = 86_400_000

/** How long to wait, so that nothing of the page is delayed, and the API has extended the session: it does so beside the first request. */
const AFTER = 5_000

/** Keeps visitors signed in who come again: once a day the session's cookie is renewed. */
export function useRenewal(signedIn: boolean, page: string): void {
  useEffect(() => {
    if (!signedIn) return
    const renewed = Number(remembered('renewed'))
    if (!renewed) return remember('renewed', String(Date.now())) // The cookie is from a login just now.
    if (Date.now() - renewed < DAY) return
    const timer = setTimeout(() => void renewCookie().then((done) => done && remember('renewed', String(Date.now()))), AFTER)
    return () => clearTimeout(timer)
  }, [signedIn, page])
}
