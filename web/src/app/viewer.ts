import { useQuery, type Client } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import type { SignedIn } from '../api/viewer'
import { useLanguage } from '../text/language'
import type { Day } from '../ui/dates'

/** Who is signed in where. Every query of a page has this fragment, so that no request is needed for it alone. */
export const ViewerFragment = graphql(`
  fragment Viewer on Query {
    community {
      name
      timeZone
      today
    }
    me {
      id
      name
      newEmail
      unreadNotifications
    }
  }
`)

export const ViewerQuery = graphql(`query Viewer { ...Viewer }`, [ViewerFragment])

export const viewerOf = (data: FragmentOf<typeof ViewerFragment>) => readFragment(ViewerFragment, data).me

/** Asks the API who is signed in. */
export async function askViewer(client: Client): Promise<SignedIn> {
  const { data, error } = await client.query(ViewerQuery, {}).toPromise()
  if (data) return viewerOf(data)
  const code = error && failureOf(error).code
  if (code === 'SECOND_FACTOR_REQUIRED') return 'second-factor'
  return code === 'UNAUTHENTICATED' ? null : undefined
}

function useLoaded() {
  const [{ data }] = useQuery({ query: ViewerQuery, requestPolicy: 'cache-only' })
  return data && readFragment(ViewerFragment, data)
}

/** Returns the visitor as far as a page has loaded them, for what is around the pages. */
export const useViewer = () => useLoaded()?.me

/** Returns the community as far as a page has loaded it. */
export const useCommunity = () => useLoaded()?.community

/** Returns how a moment is shown: by its day in the community. */
export function useDate(): (moment: string) => string {
  const { format } = useLanguage()
  const zone = useCommunity()?.timeZone
  return (moment) => format.date(moment, zone)
}

/** Returns how the time of day of a moment is shown, in the community. */
export function useTime(): (moment: string) => string {
  const { format } = useLanguage()
  const zone = useCommunity()?.timeZone
  return (moment) => format.time(moment, zone)
}

/** Returns the day that it is in the community, which the API says: the device may be in another zone, or have a wrong clock. */
export function useToday(): Day {
  const community = useCommunity()
  if (!community) throw new Error('A page with days must load the fragment Viewer')
  return community.today
}
