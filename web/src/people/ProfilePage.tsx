import { useState } from 'react'
import { Link } from 'react-router'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { useText } from '../text/language'
import { Button, ButtonLink } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'
import { PageFailure } from '../ui/FailurePanel'
import { Form, TextArea, TextField } from '../ui/Form'
import { Icon } from '../ui/Icon'
import { textOf } from '../ui/input'
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
  const { data, failure, reload } = useData(ProfileQuery, {})
  const [editing, setEditing] = useState(false)
  if (failure && (!data || failure.code === 'UNAUTHENTICATED')) return <PageFailure failure={failure} onRetry={reload} />
  if (!data) return <SkeletonLines lines={6} />
  const { me } = data
  const add = (
    <ButtonLink kind="primary" to="/cats/new">
      <Icon name="plus" />
      {text.cats.add}
    </ButtonLink>
  )
  const actions = !editing && (
    <>
      <Button small onClick={() => setEditing(true)}>
        {text.profile.edit}
      </Button>
      <ButtonLink small to="/settings">
        {text.account.settings}
      </ButtonLink>
      {me.isSuperAdmin && (
        <ButtonLink small to="/admin">
          {text.admin.title}
        </ButtonLink>
      )}
    </>
  )
  return (
    <div className={styles.page}>
      <Person data={me} actions={actions} />
      {editing && <ProfileForm bio={me.bio} location={me.location} onClose={() => setEditing(false)} />}
      <PersonCats
        data={me}
        title={text.profile.myCats}
        action={add}
        empty={<EmptyState title={text.profile.noCats}>{text.profile.noCatsHelp}</EmptyState>}
      />
    </div>
  )
}

function ProfileForm({ bio, location, onClose }: { bio: string | null; location: string | null; onClose: () => void }) {
  const text = useText()
  const notify = useNotice()
  const [, update] = useMutation(UpdateProfileMutation)
  return (
    <div className={styles.form}>
      <Form
        draft="profile"
        submit={text.ui.save}
        onCancel={onClose}
        onSubmit={async (form) => {
          const { error } = await update({ input: { bio: textOf(form, 'bio'), location: textOf(form, 'location') } })
          if (error) return failureOf(error)
          notify(text.ui.saved)
          onClose()
        }}
      >
        <TextArea label={text.profile.bio} name="bio" maxLength={2000} optional defaultValue={bio ?? undefined} hint={text.profile.bioHint} />
        <TextField
          label={text.profile.location} name="location" maxLength={100} optional autoComplete="address-level2"
          defaultValue={location ?? undefined}
        />
        <p>
          {text.profile.nameHint} <Link to="/settings">{text.account.settings}</Link>
        </p>
      </Form>
    </div>
  )
}
