import { useData } from '../api/useData'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { catOf, CarePlanQuery } from './CarePlanQuery'

/** The way to the care plan of a cat whose own page the viewer may not see any more. */
export function CarePlanOf({ catId }: { catId: string }) {
  const text = useText().carePlan
  const { data } = useData(CarePlanQuery, { id: catId })
  if (!data || !catOf(data)?.carePlan) return null
  return (
    <p>
      <ButtonLink small to={`/cats/${catId}/care`}>
        {text.title}
      </ButtonLink>
    </p>
  )
}
