import { useNavigate, useParams } from 'react-router'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, readFragment } from '../api/graphql'
import * as limits from '../api/limits'
import { useData } from '../api/useData'
import { viewerOf } from '../app/viewer'
import { useText } from '../text/language'
import { Form, SelectField, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { LoadedPage } from '../ui/LoadedPage'
import { Named } from '../ui/Named'
import { NotFound } from '../ui/NotFound'
import { useNotice } from '../ui/notice'
import { PageTitle } from '../ui/PageTitle'
import { SkeletonLines } from '../ui/Skeleton'
import styles from './CarePlan.module.css'
import { CarePlanFragment, texts } from './CarePlanFragment'
import { catOf, CarePlanQuery } from './CarePlanQuery'

export const UpdateCarePlanMutation = graphql(
  `
    mutation UpdateCarePlan($id: ID!, $input: CarePlanInput!) {
      updateCarePlan(catProfileId: $id, input: $input) {
        id
        carePlan {
          ...CarePlan
        }
      }
    }
  `,
  [CarePlanFragment],
)

const decided = (choice: string) => (choice === '' ? null : choice === 'yes')

/** The form of the care plan, for the owner of the cat. Its fields have the names of the API's input. */
export function EditCarePlanPage() {
  const { id } = useParams()
  const text = useText()
  const navigate = useNavigate()
  const notify = useNotice()
  const loaded = useData(CarePlanQuery, { id: id! }, 'network-only')
  const [, update] = useMutation(UpdateCarePlanMutation)
  const back = () => navigate(`/cats/${id}/care`, { replace: true })
  return (
    <LoadedPage loaded={loaded} skeleton={<SkeletonLines lines={8} />}>
      {(data) => {
        const cat = catOf(data)
        if (!cat || cat.owner.id !== viewerOf(data).id) return <NotFound />
        const plan = cat.carePlan && readFragment(CarePlanFragment, cat.carePlan)
        const may = plan?.mayAuthorizeTreatment
        return (
          <div className={styles.page}>
            <PageTitle title={text.carePlan.of(cat.name)}>
              <Named text={text.carePlan.of} name={cat.name} />
            </PageTitle>
            <p className={styles.who}>{text.carePlan.who}</p>
            <Form
              draft={`care-${id}`}
              submit={text.ui.save}
              onCancel={() => void back()}
              onSubmit={async (form) => {
                const input = {
                  ...Object.fromEntries(texts.map((name) => [name, textOf(form, name)])),
                  mayAuthorizeTreatment: decided(textOf(form, 'mayAuthorizeTreatment')),
                }
                const { error } = await update({ id: id!, input })
                if (error) return failureOf(error)
                notify(text.ui.saved)
                await back()
              }}
            >
              {texts.map((name) => (
                <TextArea
                  key={name} label={text.carePlan.fields[name]} name={name} maxLength={limits.MAX_TEXT} optional
                  hint={text.carePlan.hints[name]} defaultValue={plan?.[name] ?? undefined}
                />
              ))}
              <SelectField label={text.carePlan.treatment} name="mayAuthorizeTreatment" defaultValue={may === true ? 'yes' : may === false ? 'no' : ''}>
                <option value="">{text.carePlan.notSaid}</option>
                <option value="yes">{text.carePlan.mayTreat}</option>
                <option value="no">{text.carePlan.mayNotTreat}</option>
              </SelectField>
            </Form>
          </div>
        )
      }}
    </LoadedPage>
  )
}
