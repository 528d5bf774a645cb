import { Link } from 'react-router'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useText } from '../text/language'

export const CatLinkFragment = graphql(`
  fragment CatLink on CatProfile {
    id
    name
    archived
  }
`)

/** A cat's name, which leads to its page. Deleted cats have no page. */
export function CatLink({ data }: { data: FragmentOf<typeof CatLinkFragment> }) {
  const text = useText().cat
  const { id, name, archived } = readFragment(CatLinkFragment, data)
  if (archived) {
    return (
      <>
        <bdi>{name}</bdi> {text.archived}
      </>
    )
  }
  return (
    <Link to={`/cats/${id}`}>
      <bdi>{name}</bdi>
    </Link>
  )
}
