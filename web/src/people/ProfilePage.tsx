import { useState } from 'react'
import { Link } from 'react-router'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import * as limits from '../api/limits'
import { useData } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { useText } from '../text/language'
import { Button, ButtonLink } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { EmptyState } from '../ui/EmptyState'
import { Form, TextArea, TextField } from '../ui/Form'
import { Icon } from '../ui/Icon'
import { changesOf, textOf } from '../ui/input'
import { LoadedPage } from '../ui/LoadedPage'
import { useNotice } from '../ui/notice'
import { SkeletonLines } from '../ui/Skeleton'
import { Person, PersonFragment } from './Person'
import { PersonCats, PersonCatsFragment } from './PersonCats'
import styles from './Person.module.css'

export const ProfileQuery = graphql(
  `
    query Profile {
      ...Viewer
      me {
        id
        bio
        location
        isSuperAdmin
        ...Person
        ...PersonCats
      }
    }
  `,
  [ViewerFragment, PersonFragment, PersonCatsFragment],
)

export const UpdateProfileMutation = graphql(`
  mutation UpdateProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      id
      bio
      location
    }
  }
`)

/** The viewer's profile as others see it, and their cats. */
export function ProfilePage() {
  const text = useText()
  const loaded = useData(ProfileQuery, {})
  const [editing, setEditing] = useState(false)
  const add = (
    <ButtonLink kind="primary" to="/cats/new">
      <Icon name="plus" />
      {text.cats.add}
    </ButtonLink>
  )
  return (
    <LoadedPage loaded={loaded} skeleton={<SkeletonLines lines={6} />}>
      {({ me }) => (
        <div className={styles.page}>
          <Person data={me} actions={<Actions admins={me.isSuperAdmin === true} onEdit={() => setEditing(true)} />} />
          {editing && (
            <Dialog title={text.profile.edit} onClose={() => setEditing(false)}>
              <ProfileForm bio={me.bio} location={me.location} onClose={() => setEditing(false)} />
            </Dialog>
          )}
          <PersonCats
            data={me}
            own
            title={text.profile.myCats}
            action={add}
            empty={<EmptyState title={text.profile.noCats}>{text.profile.noCatsHelp}</EmptyState>}
          />
        </div>
      )}
    </LoadedPage>
  )
}

/** What the viewer may change; super admins find the list of admins here. */
function Actions({ admins, onEdit }: { admins: boolean; onEdit: () => void }) {
  const text = useText()
  return (
    <>
      <Button small onClick={onEdit}>
        {text.profile.edit}
      </Button>
      <ButtonLink small to="/settings">
        {text.account.settings}
      </ButtonLink>
      {admins && (
        <ButtonLink small to="/admin">
          {text.admin.title}
        </ButtonLink>
      )}
    </>
  )
}

function ProfileForm({ bio, location, onClose }: { bio: string | null; location: string | null; onClose: () => void }) {
  const text = useText()
  const notify = useNotice()
  const [, update] = useMutation(UpdateProfileMutation)
  return (
    <Form
      draft="profile"
      submit={text.ui.save}
      onCancel={onClose}
      onSubmit={async (form) => {
        const input = { bio: textOf(form, 'bio'), location: textOf(form, 'location') }
        const { error } = await update({ input: changesOf(input, { bio, location }) })
        if (error) return failureOf(error)
        notify(text.ui.saved)
        onClose()
      }}
    >
      <TextArea label={text.profile.bio} name="bio" maxLength={limits.MAX_TEXT} optional defaultValue={bio ?? undefined} hint={text.profile.bioHint} />
      <TextField
        label={text.profile.location} name="location" maxLength={limits.MAX_LOCATION} optional autoComplete="address-level2"
        defaultValue={location ?? undefined}
      />
      <p>
        {text.profile.nameHint} <Link to="/settings">{text.account.settings}</Link>
      </p>
    </Form>
  )
}
