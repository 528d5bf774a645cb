import { useState } from 'react'
import type { Failure } from '../api/failure'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import * as limits from '../api/limits'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { draftOf } from '../ui/draft'
import { Checkbox, Form, TextArea, TextField } from '../ui/Form'
import { textOf, textsOf } from '../ui/input'
import styles from './CatForm.module.css'

export const CatFormFragment = graphql(`
  fragment CatForm on CatProfile {
    id
    name
    age
    description
    specialCareInstructions
    photosUrls
    location
    available
    updatedAt
  }
`)

/** What the form says about a cat; empty texts remove what was there. */
export function inputOf(form: FormData) {
  return {
    name: textOf(form, 'name'),
    age: Number(textOf(form, 'age')),
    description: textOf(form, 'description'),
    specialCareInstructions: textOf(form, 'specialCareInstructions'),
    photosUrls: textsOf(form, 'photosUrls'),
    location: textOf(form, 'location'),
    available: form.has('available'),
  }
}

interface CatFormProps {
  data?: FragmentOf<typeof CatFormFragment>
  draft: string
  submit: string
  onReload?: () => void
  onSubmit: (form: FormData) => Promise<Failure | undefined>
  onCancel: () => void
}

/** The form of a new cat, or of one that is changed. Its fields have the names of the API's inputs. */
export function CatForm({ data, draft, submit, onReload, onSubmit, onCancel }: CatFormProps) {
  const text = useText()
  const cat = data && readFragment(CatFormFragment, data)
  return (
    <Form once={!cat} {...{ draft, submit, onReload, onSubmit, onCancel }}>
      <div className={styles.row}>
        <TextField label={text.cat.name} name="name" required maxLength={limits.MAX_NAME} defaultValue={cat?.name} autoComplete="off" />
        <TextField label={text.cat.years} name="age" type="number" inputMode="numeric" required min={0} max={limits.MAX_AGE} defaultValue={cat?.age} />
      </div>
      <TextArea label={text.cat.description} name="description" required minLength={limits.MIN_DESCRIPTION} maxLength={limits.MAX_TEXT} defaultValue={cat?.description} hint={text.cat.descriptionHint} />
      <TextArea
        label={text.cat.specialCareInstructions} name="specialCareInstructions" maxLength={limits.MAX_TEXT} optional
        defaultValue={cat?.specialCareInstructions ?? undefined} hint={text.cat.careHint}
      />
      <TextField label={text.cat.location} name="location" maxLength={limits.MAX_LOCATION} optional defaultValue={cat?.location ?? undefined} hint={text.cat.locationHint} />
      <PhotoFields urls={cat?.photosUrls ?? []} draft={draft} />
      <Checkbox label={text.cat.availableLabel} name="available" defaultChecked={cat?.available ?? true} hint={text.cat.availableHint} />
    </Form>
  )
}

/** One field per photo, and one more to add another. */
function PhotoFields({ urls, draft }: { urls: readonly string[]; draft: string }) {
  const text = useText().cat
  const [count, setCount] = useState(() => Math.max(1, urls.length, draftOf(draft).filter(([field]) => field === 'photosUrls').length))
  return (
    <fieldset className={styles.photos}>
      <legend>{text.photos}</legend>
      {Array.from({ length: count }, (_, n) => (
        <TextField
          key={n} label={text.photoAddress(n + 1)} name="photosUrls" type="url" maxLength={limits.MAX_URL} optional
          placeholder="https://" pattern="https://.*" title={text.photoHint} defaultValue={urls[n]}
          hint={n === 0 ? text.photoHint : undefined}
        />
      ))}
      {count < limits.MAX_PHOTOS && (
        <div>
          <Button kind="quiet" small onClick={() => setCount(count + 1)}>
            {text.addPhoto}
          </Button>
        </div>
      )}
    </fieldset>
  )
}
