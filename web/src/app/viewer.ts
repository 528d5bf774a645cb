import { useQuery, type Client } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import type { SignedIn } from '../api/viewer'
import { useLanguage } from '../text/language'
import type { Day } from '../ui/dates'

const CommunityFragment = graphql(`
  fragment Community on Query {
    community {
      name
      timeZone
      today
    }
  }
`)

const MemberFragment = graphql(`
  fragment Member on Query {
    me {
      id
      name
      newEmail
      unreadNotifications
    }
  }
`)

/** Who is signed in where. Every query of a page has this fragment, so that no request is needed for it alone. */
export const ViewerFragment = graphql(`fragment Viewer on Query { ...Community ...Member }`, [CommunityFragment, MemberFragment])

export const ViewerQuery = graphql(`query Viewer { ...Viewer }`, [ViewerFragment])

export const viewerOf = (data: FragmentOf<typeof ViewerFragment>) => readFragment(MemberFragment, readFragment(ViewerFragment, data)).me

/** Asks the API who is signed in. */
export async function askViewer(client: Client): Promise<SignedIn> {
  const { data, error } = await client.query(ViewerQuery, {}).toPromise()
  if (data) return viewerOf(data)
  const code = error && failureOf(error).code
  if (code === 'SECOND_FACTOR_REQUIRED') return 'second-factor'
  return code === 'UNAUTHENTICATED' ? null : undefined
}

// What pages have loaded, by queries of their own that are never sent: when one that is sent fails, all who use it lose its data.
const LoadedMemberQuery = graphql(`query LoadedMember { ...Member }`, [MemberFragment])
const LoadedCommunityQuery = graphql(`query LoadedCommunity { ...Community }`, [CommunityFragment])

/** Returns the visitor as far as a page has loaded them, for what is around the pages. */
export function useViewer() {
  const [{ data }] = useQuery({ query: LoadedMemberQuery, requestPolicy: 'cache-only' })
  return data && readFragment(MemberFragment, data).me
}

/** Returns the community as far as a page has loaded it. */
export function useCommunity() {
  const [{ data }] = useQuery({ query: LoadedCommunityQuery, requestPolicy: 'cache-only' })
  return data && readFragment(CommunityFragment, data).community
}

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
