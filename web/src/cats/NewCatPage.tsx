import { useLocation, useNavigate } from 'react-router'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { ViewerQuery } from '../app/viewer'
import { useAlts } from '../photos/useAlts'
import { useText } from '../text/language'
import { PageFailure } from '../ui/FailurePanel'
import { textOf } from '../ui/input'
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { PageTitle } from '../ui/PageTitle'
import { SkeletonLines } from '../ui/Skeleton'
import { CatForm, CatFormFragment, inputOf } from './CatForm'
import styles from './CatForm.module.css'

export const CreateCatMutation = graphql(
  `
    mutation CreateCat($input: CreateCatProfileInput!) {
      createCatProfile(input: $input) {
        id
        ...CatForm
      }
    }
  `,
  [CatFormFragment],
)

export function NewCatPage() {
  const text = useText()
  const navigate = useNavigate()
  const { key } = useLocation() // "default" if no other page was before this one.
  const notify = useNotice()
  const { data, failure, reload } = useData(ViewerQuery, {}) // Whose cat it will be.
  const saveAlts = useAlts()
  const [, createCat] = useMutation(CreateCatMutation)
  if (failure) return <PageFailure failure={failure} onRetry={reload} />
  if (!data) return <SkeletonLines lines={8} />
  return (
    <div className={styles.page}>
      <PageTitle title={text.cats.add} />
      <CatForm
        draft="cat-new"
        submit={text.cats.add}
        onCancel={() => void (key === 'default' ? navigate('/cats') : navigate(-1))}
        onSubmit={async (form) => {
          const failure = await saveAlts(textOf(form, 'photoIds'))
          if (failure) return failure
          const input = inputOf(form)
          const { data, error } = await createCat({ input: { ...input, idempotencyKey: textOf(form, 'idempotencyKey') } })
          if (error) return failureOf(error)
          notify(<Named text={text.cats.added} name={input.name} />)
          await navigate(`/cats/${data!.createCatProfile.id}`, { replace: true })
        }}
      />
    </div>
  )
}
