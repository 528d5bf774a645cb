import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf, type Failure } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { FailurePanel } from '../ui/FailurePanel'

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
  const [{ fetching: granting }, grant] = useMutation(GrantAdminMutation)
  const [{ fetching: revoking }, revoke] = useMutation(RevokeAdminMutation)
  if (member.isSuperAdmin) return <p>{text.admin.isSuperAdmin}</p>
  const change = member.isAdmin ? revoke : grant
  return (
    <>
      {failure && <FailurePanel failure={failure} />}
      <Button
        small
        busy={granting || revoking}
        onClick={async () => {
          const { error } = await change({ id: member.id })
          setFailure(error && failureOf(error))
        }}
      >
        {member.isAdmin ? text.admin.revoke : text.admin.grant}
      </Button>
    </>
  )
}
