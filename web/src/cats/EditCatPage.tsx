import { useNavigate, useParams } from 'react-router'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, readFragment } from '../api/graphql'
import { useData } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { useAlts } from '../photos/useAlts'
import { useText } from '../text/language'
import { PageFailure } from '../ui/FailurePanel'
import { textOf } from '../ui/input'
import { LoadedPage } from '../ui/LoadedPage'
import { Named } from '../ui/Named'
import { NotFound } from '../ui/NotFound'
import { useNotice } from '../ui/notice'
import { PageTitle } from '../ui/PageTitle'
import { SkeletonLines } from '../ui/Skeleton'
import { CatForm, CatFormFragment, changesOfCat } from './CatForm'
import styles from './CatForm.module.css'

export const EditCatQuery = graphql(
  `
    query EditCat($id: ID!) {
      ...Viewer
      catProfile(id: $id) {
        id
        name
        viewerCanEdit
        ...CatForm
      }
    }
  `,
  [ViewerFragment, CatFormFragment],
)

export const UpdateCatMutation = graphql(
  `
    mutation UpdateCat($id: ID!, $input: UpdateCatProfileInput!, $seen: Time) {
      updateCatProfile(id: $id, input: $input, expectedUpdatedAt: $seen) {
        id
        ...CatForm
      }
    }
  `,
  [CatFormFragment],
)

export function EditCatPage() {
  const { id } = useParams()
  return <EditCat key={id} id={id!} />
}

function EditCat({ id }: { id: string }) {
  const text = useText()
  const navigate = useNavigate()
  const notify = useNotice()
  const loaded = useData(EditCatQuery, { id }, 'network-only')
  const [, updateCat] = useMutation(UpdateCatMutation)
  const saveAlts = useAlts()
  const back = () => navigate(`/cats/${id}`, { replace: true })
  return (
    <LoadedPage loaded={loaded} skeleton={<SkeletonLines lines={8} />}>
      {({ catProfile: cat }) => {
        if (!cat) return <NotFound />
        if (!cat.viewerCanEdit) return <PageFailure failure={{ code: 'FORBIDDEN', message: '', fields: {} }} forbidden={text.cat.notYours} onRetry={loaded.reload} />
        return (
          <div className={styles.page}>
            <PageTitle title={text.cat.edit(cat.name)}>
              <Named text={text.cat.edit} name={cat.name} />
            </PageTitle>
            <CatForm
              data={cat}
              draft={`cat-${id}`}
              submit={text.ui.save}
              onReload={loaded.reload}
              onCancel={() => void back()}
              onSubmit={async (form) => {
                const seen = readFragment(CatFormFragment, cat)
                const failure = await saveAlts(textOf(form, 'photoIds'), seen.photos)
                if (failure) return failure
                const { error } = await updateCat({ id, input: changesOfCat(form, seen), seen: seen.updatedAt })
                if (error) return failureOf(error)
                notify(text.ui.saved)
                await back()
              }}
            />
          </div>
        )
      }}
    </LoadedPage>
  )
}
