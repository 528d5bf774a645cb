import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Form } from '../ui/Form'
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { BlockFragment } from './BlockFragment'
import { Unblock } from './Unblock'
import { useBlocksText } from './text'

export const BlockUserMutation = graphql(
  `
    mutation BlockUser($id: ID!) {
      blockUser(id: $id) {
        id
        ...Block
      }
    }
  `,
  [BlockFragment],
)

/** How the viewer blocks a member, and ends that. It is loaded with the page of another member. */
export function BlockActions({ data }: { data: FragmentOf<typeof BlockFragment> }) {
  const text = useBlocksText()
  const member = readFragment(BlockFragment, data)
  const notify = useNotice()
  const [open, setOpen] = useState(false)
  const [, block] = useMutation(BlockUserMutation)
  if (member.viewerHasBlocked) return <Unblock {...member} />
  return (
    <>
      <Button small kind="quiet" onClick={() => setOpen(true)}>
        {text.block}
      </Button>
      {open && (
        <Dialog title={<Named text={text.question} name={member.name} />} onClose={() => setOpen(false)}>
          <Form
            submit={text.block}
            danger
            onCancel={() => setOpen(false)}
            onSubmit={async () => {
              const { error } = await block({ id: member.id })
              if (error) return failureOf(error)
              notify(<Named text={text.done} name={member.name} />)
              setOpen(false)
            }}
          >
            {text.effects.map((effect) => (
              <p key={effect}>{effect}</p>
            ))}
          </Form>
        </Dialog>
      )}
    </>
  )
}
