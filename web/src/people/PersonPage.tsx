import { useParams } from 'react-router'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { AdminActions, AdminActionsFragment } from '../moderation/AdminActions'
import { ModerationActionsFragment } from '../moderation/ModerationActionsFragment'
import { ReportButton } from '../moderation/ReportButton'
import { BlockFragment } from '../blocks/BlockFragment'
import { useText } from '../text/language'
import { LoadedPage } from '../ui/LoadedPage'
import { Named } from '../ui/Named'
import { NotFound } from '../ui/NotFound'
import { part } from '../ui/part'
import { SkeletonLines } from '../ui/Skeleton'
import { Person, PersonFragment } from './Person'
import { PersonCats, PersonCatsFragment } from './PersonCats'
import { PersonHistory, PersonHistoryFragment } from './PersonHistory'
import { PersonReferences } from './PersonReferences'
import styles from './Person.module.css'

const ModerationActions = part(() => import('../moderation/ModerationActions').then(({ ModerationActions }) => ModerationActions), { skeleton: null })
const MemberReports = part(() => import('../moderation/MemberReports').then(({ MemberReports }) => MemberReports), { skeleton: null })
const AuditLog = part(() => import('../moderation/AuditLog').then(({ AuditLog }) => AuditLog), { skeleton: null })
const BlockActions = part(() => import('../blocks/BlockActions').then(({ BlockActions }) => BlockActions), { skeleton: null })

export const PersonQuery = graphql(
  `
    query Person($id: ID!) {
      ...Viewer
      me {
        id
        isSuperAdmin
        isModerator
      }
      user(id: $id) {
        id
        name
        ...Person
        ...PersonCats
        ...PersonHistory
        ...AdminActions
        ...ModerationActions
        viewerHasBlocked
        ...Block
      }
    }
  `,
  [ViewerFragment, PersonFragment, PersonCatsFragment, PersonHistoryFragment, AdminActionsFragment, ModerationActionsFragment, BlockFragment],
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
            <Person
              data={person}
              hidden={person.viewerHasBlocked}
              actions={
                (me.isSuperAdmin || me.id !== person.id) && (
                  <>
                    {me.isSuperAdmin && <AdminActions data={person} />}
                    {me.isModerator && me.id !== person.id && <ModerationActions data={person} />}
                    {me.id !== person.id && <BlockActions data={person} />}
                    {me.id !== person.id && <ReportButton subjectId={person.id} />}
                  </>
                )
              }
            />
            {me.isModerator && me.id !== person.id && <MemberReports id={person.id} />}
            {me.isSuperAdmin && <AuditLog subjectId={person.id} />}
            {person.viewerHasBlocked ? (
              <p>{text.blocked}</p>
            ) : (
              <>
                <PersonReferences id={person.id} />
                <PersonHistory data={person} />
                <PersonCats data={person} title={<Named text={text.cats} name={person.name} />} empty={<p><Named text={text.noCats} name={person.name} /></p>} />
              </>
            )}
          </div>
        )
      }}
    </LoadedPage>
  )
}
