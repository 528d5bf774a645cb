import { useLocation, useNavigate } from 'react-router'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { ViewerQuery } from '../app/viewer'
import { useText } from '../text/language'
import { PageFailure } from '../ui/FailurePanel'
import { useNotice } from '../ui/notice'
import { PageTitle } from '../ui/PageTitle'
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
  const { failure, reload } = useData(ViewerQuery, {})
  const [, createCat] = useMutation(CreateCatMutation)
  if (failure) return <PageFailure failure={failure} onRetry={reload} />
  return (
    <div className={styles.page}>
      <PageTitle title={text.cats.add} />
      <CatForm
        draft="cat-new"
        submit={text.cats.add}
        conflict={text.cats.tooMany}
        onCancel={() => void (key === 'default' ? navigate('/cats') : navigate(-1))}
        onSubmit={async (form) => {
          const input = inputOf(form)
          const { data, error } = await createCat({ input })
          if (error) return failureOf(error)
          notify(text.cats.added(input.name))
          await navigate(`/cats/${data!.createCatProfile.id}`, { replace: true })
        }}
      />
    </div>
  )
}
