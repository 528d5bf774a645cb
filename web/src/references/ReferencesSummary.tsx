import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useText } from '../text/language'

export const ReferencesSummaryFragment = graphql(`
  fragment ReferencesSummary on User {
    id
    referencesSummary {
      recommends
      doesNotRecommend
      lateCancellations
    }
  }
`)

/** What the references about a member say, in numbers; nothing if there is nothing to say. */
export function ReferencesSummary({ data, className }: { data: FragmentOf<typeof ReferencesSummaryFragment>; className?: string }) {
  const text = useText().person
  const { recommends, doesNotRecommend, lateCancellations } = readFragment(ReferencesSummaryFragment, data).referencesSummary
  const parts = [
    recommends > 0 && text.recommended(recommends),
    doesNotRecommend > 0 && text.notRecommended(doesNotRecommend),
    lateCancellations > 0 && text.lateCancellations(lateCancellations),
  ].filter(Boolean)
  if (parts.length === 0) return null
  return <p className={className}>{parts.join(' · ')}</p>
}
