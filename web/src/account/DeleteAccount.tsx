import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import { pageViewer } from '../api/viewer'
import { normalAddress } from '../kratos/typed'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { dropAllFiles } from '../photos/kept'
import { clearDrafts } from '../ui/draft'
import { Form, TextField } from '../ui/Form'
import { textOf } from '../ui/input'
import { Named } from '../ui/Named'
import { Section } from './Section'

export const DeleteAccountMutation = graphql(`
  mutation DeleteAccount {
    deleteAccount
  }
`)

/**
 * The end of the account. The address is typed to make sure that it is this account which is meant, unless the page does not know it.
 * The API demands a recent login and says where to log in again.
 */
export function DeleteAccount({ email }: { email?: string }) {
  const text = useText()
  const [open, setOpen] = useState(false)
  const [mismatch, setMismatch] = useState(false)
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
            onCancel={() => setOpen(false)}
            onSubmit={async (form) => {
              const differs = email !== undefined && normalAddress(textOf(form, 'confirm_email')) !== normalAddress(email)
              setMismatch(differs)
              if (differs) return { code: 'BAD_USER_INPUT', message: '', fields: { confirm_email: '' } }
              const { error } = await deleteAccount({})
              if (error) return failureOf(error)
              clearDrafts()
              dropAllFiles()
              pageViewer.leave()
              location.assign('/')
            }}
          >
            {email !== undefined && (
              <TextField
                label={text.account.deleteAccountConfirm} name="confirm_email" inputMode="email" autoComplete="off" autoCapitalize="none"
                spellCheck={false} required hint={<Named text={text.account.deleteAccountConfirmHint} name={email} />}
                problem={mismatch ? text.account.deleteAccountMismatch : undefined}
              />
            )}
          </Form>
        </Dialog>
      )}
    </Section>
  )
}
