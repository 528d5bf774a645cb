import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { FailurePanel } from '../ui/FailurePanel'
import { Form } from '../ui/Form'
import { Named } from '../ui/Named'
import { placeAround } from '../ui/placeAround'

export const AdminActionsFragment = graphql(`
  fragment AdminActions on User {
    id
    name
    isAdmin
    isSuperAdmin
  }
`)

export const GrantAdminMutation = graphql(
  `
    mutation GrantAdmin($id: ID!) {
      grantAdmin(userId: $id) {
        id
        ...AdminActions
      }
    }
  `,
  [AdminActionsFragment],
)

export const RevokeAdminMutation = graphql(
  `
    mutation RevokeAdmin($id: ID!) {
      revokeAdmin(userId: $id) {
        id
        ...AdminActions
      }
    }
  `,
  [AdminActionsFragment],
)

/** How a super admin makes a member an admin, and the other way round. Only operators change super admins. */
export function AdminActions({ data }: { data: FragmentOf<typeof AdminActionsFragment> }) {
  const text = useText()
  const member = readFragment(AdminActionsFragment, data)
  const [failure, setFailure] = useState<Failure>()
  const [{ fetching }, revoke] = useMutation(RevokeAdminMutation)
  if (member.isSuperAdmin) return <p>{text.admin.isSuperAdmin}</p>
  if (!member.isAdmin) return <Grant {...member} />
  return (
    <>
      {failure && <FailurePanel failure={failure} />}
      <Button
        small
        busy={fetching}
        onClick={async ({ currentTarget }) => {
          const place = placeAround(currentTarget)
          const { error } = await revoke({ id: member.id })
          setFailure(error && failureOf(error))
          if (!error) place?.focus({ preventScroll: true }) // The button is gone.
        }}
      >
        {text.admin.revoke}
      </Button>
    </>
  )
}

/** Asks first, because an admin sees every address. */
function Grant({ id, name }: { id: string; name: string }) {
  const text = useText()
  const [open, setOpen] = useState(false)
  const [, grant] = useMutation(GrantAdminMutation)
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {text.admin.grant}
      </Button>
      {open && (
        <Dialog title={<Named text={text.admin.grantQuestion} name={name} />} onClose={() => setOpen(false)}>
          <Form
            submit={text.admin.grant}
            onCancel={() => setOpen(false)}
            onSubmit={async () => {
              const { error } = await grant({ id })
              if (error) return failureOf(error)
              setOpen(false)
            }}
          >
            <p>{text.admin.powers}</p>
          </Form>
        </Dialog>
      )}
    </>
  )
}
