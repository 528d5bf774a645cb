import { useQuery } from 'urql'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'

/** Who is signed in. Every query of a page has this fragment, so that no request is needed for it alone. */
export const ViewerFragment = graphql(`
  fragment Viewer on Query {
    me {
      id
      name
    }
  }
`)

export const ViewerQuery = graphql(`query Viewer { ...Viewer }`, [ViewerFragment])

export const viewerOf = (data: FragmentOf<typeof ViewerFragment>) => readFragment(ViewerFragment, data).me

/** Returns the visitor as far as a page has loaded them, for what is around the pages. */
export function useViewer() {
  const [{ data }] = useQuery({ query: ViewerQuery, requestPolicy: 'cache-only' })
  return data && viewerOf(data)
}
