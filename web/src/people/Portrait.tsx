import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { Avatar } from '../ui/Avatar'

export const PortraitFragment = graphql(`
  fragment Portrait on User {
    id
    name
    photo {
      id
      placeholder
      thumbnail: url(size: THUMBNAIL)
    }
  }
`)

/** What a member looks like, beside the name; the initial if that is not known. */
export function Portrait({ data, large }: { data: FragmentOf<typeof PortraitFragment>; large?: boolean }) {
  const { id, name, photo } = readFragment(PortraitFragment, data)
  return <Avatar id={id} name={name} large={large} src={photo?.thumbnail} placeholder={photo?.placeholder} />
}
