import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Form } from '../ui/Form'
import { Section } from './Section'

export const DeleteAccountMutation = graphql(`
  mutation DeleteAccount {
    deleteAccount
  }
`)

/** The end of the account. The API demands a recent login and says where to log in again. */
export function DeleteAccount() {
  const text = useText()
  const [open, setOpen] = useState(false)
  const [, deleteAccount] = useMutation(DeleteAccountMutation)
  return (
    <Section title={text.account.deleteAccount} intro={text.account.deleteAccountIntro}>
      <div>
        <Button onClick={() => setOpen(true)}>{text.account.deleteAccount}</Button>
      </div>
      {open && (
        <Dialog title={text.account.deleteAccountQuestion} onClose={() => setOpen(false)}>
          <p>{text.account.deleteAccountWarning}</p>
          <Form
            submit={text.ui.delete}
            danger
            conflict={text.account.promised}
            onCancel={() => setOpen(false)}
            onSubmit={async () => {
              const { error } = await deleteAccount({})
              if (error) return failureOf(error)
              location.assign('/')
            }}
          />
        </Dialog>
      )}
    </Section>
  )
}
