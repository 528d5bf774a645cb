import { useParams } from 'react-router'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { AdminActions, AdminActionsFragment } from '../admin/AdminActions'
import { useText } from '../text/language'
import { LoadedPage } from '../ui/LoadedPage'
import { Named } from '../ui/Named'
import { NotFound } from '../ui/NotFound'
import { SkeletonLines } from '../ui/Skeleton'
import { Person, PersonFragment } from './Person'
import { PersonCats, PersonCatsFragment } from './PersonCats'
import { PersonHistory, PersonHistoryFragment } from './PersonHistory'
import { PersonReferences } from './PersonReferences'
import styles from './Person.module.css'

export const PersonQuery = graphql(
  `
    query Person($id: ID!) {
      ...Viewer
      me {
        id
        isSuperAdmin
      }
      user(id: $id) {
        id
        name
        ...Person
        ...PersonCats
        ...PersonHistory
        ...AdminActions
      }
    }
  `,
  [ViewerFragment, PersonFragment, PersonCatsFragment, PersonHistoryFragment, AdminActionsFragment],
)

export function PersonPage() {
  const { id } = useParams()
  return <PersonView key={id} id={id!} />
}

function PersonView({ id }: { id: string }) {
  const text = useText().person
  const loaded = useData(PersonQuery, { id })
  return (
    <LoadedPage loaded={loaded} skeleton={<SkeletonLines lines={6} />}>
      {({ me, user: person }) => {
        if (!person) return <NotFound />
        return (
          <div className={styles.page}>
            <Person data={person} actions={me.isSuperAdmin && <AdminActions data={person} />} />
            <PersonReferences id={person.id} />
            <PersonHistory data={person} />
            <PersonCats data={person} title={<Named text={text.cats} name={person.name} />} empty={<p><Named text={text.noCats} name={person.name} /></p>} />
          </div>
        )
      }}
    </LoadedPage>
  )
}
