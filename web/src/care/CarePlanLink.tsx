import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'

export const CarePlanLinkFragment = graphql(`
  fragment CarePlanLink on CatProfile {
    id
    owner {
      id
    }
    carePlan {
      updatedAt
    }
  }
`)

/** The way to the care plan of a cat, for those who may read it. */
export function CarePlanLink({ data, viewerId }: { data: FragmentOf<typeof CarePlanLinkFragment>; viewerId: string }) {
  const text = useText().carePlan
  const { id, owner, carePlan } = readFragment(CarePlanLinkFragment, data)
  if (!carePlan && owner.id !== viewerId) return null
  return (
    <ButtonLink small to={`/cats/${id}/care`}>
      {text.title}
    </ButtonLink>
  )
}
