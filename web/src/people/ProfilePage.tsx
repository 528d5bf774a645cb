import { useState } from 'react'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { useText } from '../text/language'
import { Button, ButtonLink } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { EmptyState } from '../ui/EmptyState'
import { Icon } from '../ui/Icon'
import { LoadedPage } from '../ui/LoadedPage'
import { part } from '../ui/part'
import { SkeletonLines } from '../ui/Skeleton'
import { Person, PersonFragment } from './Person'
import { PersonCats, PersonCatsFragment } from './PersonCats'
import { PersonReferences } from './PersonReferences'
import { ProfileFormFragment } from './ProfileFormFragment'
import styles from './Person.module.css'

const ProfileForm = part(() => import('./ProfileForm').then(({ ProfileForm }) => ProfileForm))

export const ProfileQuery = graphql(
  `
    query Profile {
      ...Viewer
      me {
        id
        isModerator
        ...Person
        ...PersonCats
        ...ProfileForm
      }
    }
  `,
  [ViewerFragment, PersonFragment, PersonCatsFragment, ProfileFormFragment],
)

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
          <Person data={me} actions={<Actions moderates={me.isModerator === true} onEdit={() => setEditing(true)} />} />
          {editing && (
            <Dialog title={text.profile.edit} onClose={() => setEditing(false)}>
              <ProfileForm data={me} onClose={() => setEditing(false)} />
            </Dialog>
          )}
          <PersonCats
            data={me}
            own
            title={text.profile.myCats}
            action={add}
            empty={<EmptyState title={text.profile.noCats}>{text.profile.noCatsHelp}</EmptyState>}
          />
          <PersonReferences id={me.id} />
        </div>
      )}
    </LoadedPage>
  )
}

/** What the viewer may change. Moderators and admins find their page here. */
function Actions({ moderates, onEdit }: { moderates: boolean; onEdit: () => void }) {
  const text = useText()
  return (
    <>
      <Button small onClick={onEdit}>
        {text.profile.edit}
      </Button>
      <ButtonLink small to="/settings">
        {text.account.settings}
      </ButtonLink>
      {moderates && (
        <ButtonLink small to="/moderation">
          {text.admin.moderation}
        </ButtonLink>
      )}
    </>
  )
}
