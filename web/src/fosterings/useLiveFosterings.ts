import { useEffect, useState } from 'react'
import { useClient } from 'urql'
import { graphql } from '../api/graphql'
import { Soon, useLive } from '../live/useLive'
import { IncomingRequestFragment } from './IncomingRequestFragment'
import { MyFosteringFragment } from './MyFostering'

export const LiveFosteringQuery = graphql(
  `
    query LiveFostering($id: ID!) {
      fostering(id: $id) {
        id
        ...IncomingRequest
        ...MyFostering
      }
    }
  `,
  [IncomingRequestFragment, MyFosteringFragment],
)

/**
 * Updates a fostering that has changed, wherever it is shown. It stays where it is, also in a list to which it no longer belongs: what
 * the visitor is about to click does not move.
 */
export function useLiveFosterings(): void {
  const client = useClient()
  const [soon] = useState(() => new Soon())
  useLive('FOSTERING', (id) => {
    if (id) soon.do(id, () => void client.query(LiveFosteringQuery, { id }, { requestPolicy: 'network-only' }).toPromise())
  })
  useEffect(() => () => soon.stop(), [soon])
}
