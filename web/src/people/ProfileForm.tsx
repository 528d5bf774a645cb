import { Link } from 'react-router'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import * as limits from '../api/limits'
import { PhotosField } from '../photos/PhotosField'
import { photosOf } from '../photos/uploads'
import { PlaceFragment } from '../places/place'
import { PlaceField } from '../places/PlaceField'
import { useText } from '../text/language'
import { Form, TextArea, TextField } from '../ui/Form'
import { changesOf, textOf } from '../ui/input'
import { useNotice } from '../ui/notice'
import { ProfileFormFragment } from './ProfileFormFragment'

export const UpdateProfileMutation = graphql(
  `
    mutation UpdateProfile($input: UpdateProfileInput!) {
      updateProfile(input: $input) {
        id
        ...ProfileForm
      }
    }
  `,
  [ProfileFormFragment],
)

/** What members say about themselves. It is loaded when it is opened. */
export function ProfileForm({ data, onClose }: { data: FragmentOf<typeof ProfileFormFragment>; onClose: () => void }) {
  const text = useText()
  const notify = useNotice()
  const [, update] = useMutation(UpdateProfileMutation)
  const { bio, location, place, photo } = readFragment(ProfileFormFragment, data)
  return (
    <Form
      draft="profile"
      submit={text.ui.save}
      onCancel={onClose}
      onSubmit={async (form) => {
        const input = {
          bio: textOf(form, 'bio'),
          placeId: textOf(form, 'placeId') || null,
          location: textOf(form, 'location'),
          photoId: photosOf(textOf(form, 'photoId'))[0]?.id ?? null,
        }
        const { error } = await update({ input: changesOf(input, { bio, location, placeId: place?.id, photoId: photo?.id }) })
        if (error) return failureOf(error)
        notify(text.ui.saved)
        onClose()
      }}
    >
      <PhotosField label={text.profile.photo} name="photoId" hint={text.photo.portraitHint} max={1} photos={photo ? [photo] : []} />
      <TextArea label={text.profile.bio} name="bio" maxLength={limits.MAX_TEXT} optional defaultValue={bio ?? undefined} hint={text.profile.bioHint} />
      <PlaceField label={text.profile.place} name="placeId" optional place={place ? readFragment(PlaceFragment, place) : undefined} hint={text.place.hint} />
      <TextField label={text.cat.location} name="location" maxLength={limits.MAX_LOCATION} optional defaultValue={location ?? undefined} hint={text.cat.locationHint} />
      <p>
        {text.profile.nameHint} <Link to="/settings">{text.account.settings}</Link>
      </p>
    </Form>
  )
}
