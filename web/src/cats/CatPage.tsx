import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { ViewerFragment, viewerOf } from '../app/viewer'
import { CarePlanLink, CarePlanLinkFragment } from '../care/CarePlanLink'
import { ReportButton } from '../moderation/ReportButton'
import { useText } from '../text/language'
import { Button, ButtonLink } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Form } from '../ui/Form'
import { LoadedPage } from '../ui/LoadedPage'
import { Named } from '../ui/Named'
import { NotFound } from '../ui/NotFound'
import { useNotice } from '../ui/notice'
import { SkeletonBlock, SkeletonLines } from '../ui/Skeleton'
import { CatDetails, CatDetailsFragment } from './CatDetails'
import { CatRequest, CatRequestFragment } from './CatRequest'
import styles from './CatPage.module.css'

export const CatQuery = graphql(
  `
    query Cat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        updatedAt
        owner {
          id
        }
        ...CatDetails
        ...CatRequest
        ...CarePlanLink
      }
    }
  `,
  [ViewerFragment, CatDetailsFragment, CatRequestFragment, CarePlanLinkFragment],
)

export const DeleteCatMutation = graphql(`
  mutation DeleteCat($id: ID!, $seen: Time) {
    deleteCatProfile(id: $id, expectedUpdatedAt: $seen)
  }
`)

export function CatPage() {
  const { id } = useParams()
  return <Cat key={id} id={id!} />
}

function Cat({ id }: { id: string }) {
  const loaded = useData(CatQuery, { id })
  return (
    <LoadedPage loaded={loaded} skeleton={<CatSkeleton />}>
      {(data) => {
        const cat = data.catProfile
        if (!cat) return <NotFound />
        const viewerId = viewerOf(data).id
        return (
          <article className={styles.page}>
            <CatDetails data={cat} actions={cat.viewerCanEdit && <Actions id={cat.id} name={cat.name} seen={cat.updatedAt} onReload={loaded.reload} />}>
              <CarePlanLink data={cat} viewerId={viewerId} />
            </CatDetails>
            <CatRequest data={cat} viewerId={viewerId} onReload={loaded.reload} />
            {cat.owner.id !== viewerId && (
              <div className={styles.report}>
                <ReportButton subjectId={cat.id} />
              </div>
            )}
          </article>
        )
      }}
    </LoadedPage>
  )
}

/** What the owner and admins may do. */
function Actions({ id, name, seen, onReload }: { id: string; name: string; seen: string; onReload: () => void }) {
  const text = useText()
  const navigate = useNavigate()
  const notify = useNotice()
  const [open, setOpen] = useState(false)
  const [, deleteCat] = useMutation(DeleteCatMutation)
  return (
    <div className={styles.actions}>
      <ButtonLink small to={`/cats/${id}/edit`}>
        {text.ui.edit}
      </ButtonLink>
      <Button small onClick={() => setOpen(true)}>
        {text.ui.delete}
      </Button>
      {open && (
        <Dialog title={<Named text={text.cat.deleteQuestion} name={name} />} onClose={() => setOpen(false)}>
          <p>{text.cat.deleteWarning}</p>
          <Form
            submit={text.ui.delete}
            danger
            onReload={onReload}
            onCancel={() => setOpen(false)}
            onSubmit={async () => {
              const { error } = await deleteCat({ id, seen })
              if (error) return failureOf(error)
              notify(<Named text={text.cat.deleted} name={name} />)
              await navigate('/profile', { replace: true })
            }}
          />
        </Dialog>
      )}
    </div>
  )
}

function CatSkeleton() {
  return (
    <div className={styles.page}>
      <SkeletonBlock />
      <SkeletonLines lines={5} />
    </div>
  )
}
