import { useState } from 'react'
import type { Failure } from '../api/failure'
import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql'
import * as limits from '../api/limits'
import { useToday } from '../app/viewer'
import { PhotosField } from '../photos/PhotosField'
import { foreignUrls } from '../photos/picture'
import { photosOf } from '../photos/uploads'
import { PlaceFragment } from '../places/place'
import { PlaceField } from '../places/PlaceField'
import { useText } from '../text/language'
import { draftOf } from '../ui/draft'
import { Checkbox, Folded, Form, SelectField, TextArea, TextField } from '../ui/Form'
import { changesOf, textOf, textsOf } from '../ui/input'
import { BreedField } from './BreedField'
import { sexes, yesNoFacts } from './facts'
import styles from './CatForm.module.css'

export const CatFormFragment = graphql(
  `
    fragment CatForm on CatProfile {
      id
      name
      age
      birthDate
      birthDatePrecision
      sex
      breed
      neutered
      vaccinatedUntil
      microchipped
      indoorOnly
      goodWithCats
      goodWithDogs
      goodWithChildren
      needsMedication
      description
      specialCareInstructions
      photos {
        id
        alt
      }
      photosUrls
      place {
        id
        ...Place
      }
      location
      available
      updatedAt
    }
  `,
  [PlaceFragment],
)

const precisions = ['DAY', 'MONTH'] as const

/** The names of the folded fields. */
const folded = ['birthDate', 'birthDatePrecision', 'sex', 'breed', 'vaccinatedUntil', ...yesNoFacts] as const

/** What the form says about the birth of a cat: the date if it is known, and the age otherwise. */
function birthOf(form: FormData) {
  const birthDate = textOf(form, 'birthDate')
  const birthDatePrecision = precisions.find((precision) => precision === textOf(form, 'birthDatePrecision'))
  return birthDate ? { birthDate, birthDatePrecision } : { age: Number(textOf(form, 'age')), birthDate: null }
}

/** What the form says about a cat; empty texts remove what was there. */
export function inputOf(form: FormData) {
  const yesOrNo = (name: (typeof yesNoFacts)[number]) => ({ true: true, false: false })[textOf(form, name)] ?? null
  return {
    name: textOf(form, 'name'),
    ...birthOf(form),
    sex: sexes.find((sex) => sex === textOf(form, 'sex')) ?? null,
    breed: textOf(form, 'breed'),
    vaccinatedUntil: textOf(form, 'vaccinatedUntil') || null,
    ...(Object.fromEntries(yesNoFacts.map((name) => [name, yesOrNo(name)])) as Record<(typeof yesNoFacts)[number], boolean | null>),
    description: textOf(form, 'description'),
    specialCareInstructions: textOf(form, 'specialCareInstructions'),
    photoIds: photosOf(textOf(form, 'photoIds')).map(({ id }) => id),
    placeId: textOf(form, 'placeId') || null,
    location: textOf(form, 'location'),
    available: form.has('available'),
  }
}

/** What the form says that differs from what there was. A birth date and its precision go together; a typed age has none. */
export function changesOfCat(form: FormData, before: ResultOf<typeof CatFormFragment>) {
  const birth = before.birthDatePrecision === 'YEAR' ? { birthDate: null, birthDatePrecision: undefined } : {}
  const foreign = foreignUrls(before)
  const known = { ...before, ...birth, placeId: before.place?.id, photoIds: before.photos.map(({ id }) => id), photosUrls: foreign }
  const changes = changesOf({ ...inputOf(form), photosUrls: textsOf(form, 'photosUrls') }, known)
  return 'birthDate' in changes || 'birthDatePrecision' in changes ? { ...changes, ...birthOf(form) } : changes
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
  const today = useToday()
  const cat = data && readFragment(CatFormFragment, data)
  const foreign = cat ? foreignUrls(cat) : []
  const born = cat && cat.birthDatePrecision !== 'YEAR' ? (cat.birthDate ?? '') : ''
  const [birthDate, setBirthDate] = useState(born)
  const [open] = useState(() => {
    const drafted = draftOf(draft).map(([field]) => field)
    const known = { ...cat, birthDate: born || null, birthDatePrecision: null }
    return folded.some((name) => drafted.includes(name) || (known[name] ?? null) !== null)
  })
  return (
    <Form once={!cat} {...{ draft, submit, onReload, onSubmit, onCancel }}>
      <div className={styles.row}>
        <TextField label={text.cat.name} name="name" required maxLength={limits.MAX_NAME} defaultValue={cat?.name} autoComplete="off" />
        <TextField
          label={text.cat.years} name="age" type="number" inputMode="numeric" required={!birthDate} disabled={!!birthDate} min={0} max={limits.MAX_AGE}
          defaultValue={cat?.age} hint={birthDate && text.cat.ageHint}
        />
      </div>
      <TextArea label={text.cat.description} name="description" required minLength={limits.MIN_DESCRIPTION} maxLength={limits.MAX_TEXT} defaultValue={cat?.description} hint={text.cat.descriptionHint} />
      <TextArea
        label={text.cat.specialCareInstructions} name="specialCareInstructions" maxLength={limits.MAX_TEXT} optional
        defaultValue={cat?.specialCareInstructions ?? undefined} hint={text.cat.careHint}
      />
      <PlaceField label={text.place.label} name="placeId" optional place={cat?.place ? readFragment(PlaceFragment, cat.place) : undefined} offersOwn hint={text.place.hint} />
      <TextField label={text.cat.location} name="location" maxLength={limits.MAX_LOCATION} optional defaultValue={cat?.location ?? undefined} hint={text.cat.locationHint} />
      <Folded summary={text.facts.title} open={open} names={folded}>
        <div className={styles.facts}>
          <TextField
            label={text.facts.birthDate} name="birthDate" type="date" optional max={today}
            value={birthDate} data-default={born} onChange={(event) => setBirthDate(event.target.value)}
          />
          <SelectField label={text.facts.precision} name="birthDatePrecision" defaultValue={cat?.birthDatePrecision === 'MONTH' ? 'MONTH' : 'DAY'}>
            {precisions.map((precision) => (
              <option key={precision} value={precision}>
                {text.facts.precisions[precision]}
              </option>
            ))}
          </SelectField>
          <SelectField label={text.facts.sexLabel} name="sex" defaultValue={cat?.sex ?? ''}>
            <option value="">{text.facts.unknown}</option>
            {sexes.map((sex) => (
              <option key={sex} value={sex}>
                {text.facts.sex[sex]}
              </option>
            ))}
          </SelectField>
          <BreedField defaultValue={cat?.breed ?? undefined} optional />
          <TextField label={text.facts.vaccinatedLabel} name="vaccinatedUntil" type="date" optional defaultValue={cat?.vaccinatedUntil ?? undefined} />
          {yesNoFacts.map((name) => (
            <SelectField key={name} label={text.facts[name].label} name={name} defaultValue={String(cat?.[name] ?? '')}>
              <option value="">{text.facts.unknown}</option>
              <option value="true">{text.facts.yes}</option>
              <option value="false">{text.facts.no}</option>
            </SelectField>
          ))}
        </div>
      </Folded>
      <PhotosField label={text.cat.photos} name="photoIds" hint={text.photo.hint(limits.MAX_PHOTOS)} max={limits.MAX_PHOTOS - foreign.length} photos={cat?.photos ?? []} />
      {foreign.length > 0 && <ForeignPhotos urls={foreign} />}
      <Checkbox label={text.cat.availableLabel} name="available" defaultChecked={cat?.available ?? true} hint={text.cat.availableHint} />
    </Form>
  )
}

/** The addresses of photos on other sites, from the time before photos were uploaded. Whoever empties one removes the photo. */
function ForeignPhotos({ urls }: { urls: readonly string[] }) {
  const text = useText().cat
  return (
    <fieldset className={styles.photos}>
      <legend>{text.foreignPhotos}</legend>
      {urls.map((url, n) => (
        <TextField
          key={url} label={text.photoAddress(n + 1)} name="photosUrls" type="url" maxLength={limits.MAX_URL} optional
          placeholder="https://" pattern="https://.*" title={text.photoHint} defaultValue={url} hint={n === 0 ? text.photoHint : undefined}
        />
      ))}
    </fieldset>
  )
}
