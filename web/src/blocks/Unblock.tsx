import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { graphql } from '../api/graphql'
import { Button } from '../ui/Button'
import { FailurePanel } from '../ui/FailurePanel'
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { placeAround } from '../ui/placeAround'
import { BlockFragment } from './BlockFragment'
import { useBlocksText } from './text'

export const UnblockUserMutation = graphql(
  `
    mutation UnblockUser($id: ID!) {
      unblockUser(id: $id) {
        id
        ...Block
      }
    }
  `,
  [BlockFragment],
)

/** Ends a block. */
export function Unblock({ id, name }: { id: string; name: string }) {
  const text = useBlocksText()
  const notify = useNotice()
  const [failure, setFailure] = useState<Failure>()
  const [{ fetching }, unblock] = useMutation(UnblockUserMutation)
  return (
    <>
      {failure && <FailurePanel failure={failure} />}
      <Button
        small
        busy={fetching}
        aria-label={text.unblockOf(name)}
        onClick={async ({ currentTarget }) => {
          const place = placeAround(currentTarget)
          const { error } = await unblock({ id })
          setFailure(error && failureOf(error))
          if (error) return
          notify(<Named text={text.undone} name={name} />)
          place?.focus({ preventScroll: true }) // The button is gone.
        }}
      >
        {text.unblock}
      </Button>
    </>
  )
}
