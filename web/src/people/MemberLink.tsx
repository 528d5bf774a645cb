import { Link } from 'react-router'
import { useText } from '../text/language'

/** The name of members who have deleted their account. The API lets nobody else take it. */
const FORMER = 'Former member'

export const isFormer = (name: string) => name === FORMER

/** Returns members' names as the pages show them: there is a text in each language for those of former members. */
export function useMemberName() {
  const text = useText().person
  return (name: string) => (isFormer(name) ? text.former : name)
}

/** A member's name, which leads to their page. Former members have no page. */
export function MemberLink({ id, name }: { id: string; name: string }) {
  const text = useText().person
  if (isFormer(name)) return text.former
  return (
    <Link to={`/people/${id}`}>
      <bdi>{name}</bdi>
    </Link>
  )
}
