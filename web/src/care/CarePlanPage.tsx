import { useParams } from 'react-router'
import { readFragment } from '../api/graphql'
import { useData } from '../api/useData'
import { useDate, viewerOf } from '../app/viewer'
import { useText } from '../text/language'
import { Button, ButtonLink } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'
import { LoadedPage } from '../ui/LoadedPage'
import { Named } from '../ui/Named'
import { NotFound } from '../ui/NotFound'
import { PageTitle } from '../ui/PageTitle'
import { Paragraphs } from '../ui/Paragraphs'
import { SkeletonLines } from '../ui/Skeleton'
import styles from './CarePlan.module.css'
import { CarePlanFragment, texts } from './CarePlanFragment'
import { catOf, CarePlanQuery } from './CarePlanQuery'

/** What only whoever fosters a cat reads, to be printed for the fridge. */
export function CarePlanPage() {
  const { id } = useParams()
  const text = useText()
  const dateOf = useDate()
  const loaded = useData(CarePlanQuery, { id: id! })
  return (
    <LoadedPage loaded={loaded} skeleton={<SkeletonLines lines={6} />}>
      {(data) => {
        const cat = catOf(data)
        const own = cat?.owner.id === viewerOf(data).id
        const plan = cat?.carePlan && readFragment(CarePlanFragment, cat.carePlan)
        if (!cat || (!plan && !own)) return <NotFound />
        return (
          <article className={styles.page}>
            <PageTitle title={text.carePlan.of(cat.name)}>
              <Named text={text.carePlan.of} name={cat.name} />
            </PageTitle>
            <div className={styles.actions}>
              {own && (
                <ButtonLink small to={`/cats/${cat.id}/care/edit`}>
                  {text.ui.edit}
                </ButtonLink>
              )}
              {plan && (
                <Button small onClick={() => print()}>
                  {text.carePlan.print}
                </Button>
              )}
              <ButtonLink small kind="quiet" to={`/cats/${cat.id}`}>
                <bdi>{cat.name}</bdi>
              </ButtonLink>
            </div>
            {own && <p className={styles.who}>{text.carePlan.who}</p>}
            {plan ? (
              <>
                <dl className={styles.plan}>
                  {texts.map((name) => plan[name] && (
                    <div key={name}>
                      <dt>{text.carePlan.fields[name]}</dt>
                      <dd>
                        <Paragraphs text={plan[name]} />
                      </dd>
                    </div>
                  ))}
                  {plan.mayAuthorizeTreatment !== null && (
                    <div>
                      <dt>{text.carePlan.treatment}</dt>
                      <dd>{plan.mayAuthorizeTreatment ? text.carePlan.mayTreat : text.carePlan.mayNotTreat}</dd>
                    </div>
                  )}
                </dl>
                <p className={styles.who}>{text.carePlan.changed(dateOf(plan.updatedAt))}</p>
              </>
            ) : (
              <EmptyState title={text.carePlan.empty} />
            )}
          </article>
        )
      }}
    </LoadedPage>
  )
}
