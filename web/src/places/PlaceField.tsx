import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, readFragment } from '../api/graphql'
import * as limits from '../api/limits'
import { useLanguage, useText } from '../text/language'
import { Combobox, type Option } from '../ui/Combobox'
import { Labelled, useField } from '../ui/Form'
import { PlaceFragment, usePlace, whereOf, type Place } from './place'

export const PlacesQuery = graphql(
  `
    query Places($search: String!) {
      places(search: $search) {
        id
        ...Place
      }
    }
  `,
  [PlaceFragment],
)

export const OwnPlaceQuery = graphql(
  `
    query OwnPlace {
      me {
        id
        name
        place {
          id
          ...Place
        }
      }
    }
  `,
  [PlaceFragment],
)

/** How long after the last key places are suggested. */
const TYPING_PAUSE = 200

interface PlaceFieldProps {
  label: string
  /** The name of the field with the id of the place. */
  name: string
  hint?: ReactNode
  optional?: boolean
  /** The place that is chosen, or its id. The field follows it if it changes. */
  place?: Place | string
  /** Whether the viewer's own place is offered before anything is typed. */
  offersOwn?: boolean
  onChange?: (placeId: string) => void
}

/** A town: the member types its name, and chooses from those that there are. */
export function PlaceField({ label, name, hint, optional, place: given = '', offersOwn, onChange }: PlaceFieldProps) {
  const text = useText().place
  const givenId = idOf(given)
  const [followed, setFollowed] = useState(givenId)
  const [chosen, setChosen] = useState(given)
  const [typed, setTyped] = useState<string>() // Not chosen yet.
  const [left, setLeft] = useState(false)
  const field = useRef<HTMLDivElement>(null)
  if (followed !== givenId) {
    setFollowed(givenId)
    if (givenId !== idOf(chosen)) {
      setChosen(given)
      setTyped(undefined)
    }
  }
  const loaded = usePlace(typeof chosen === 'string' ? chosen : undefined)
  const place = typeof chosen === 'string' ? loaded : chosen
  const { places, options, status, ask } = useSuggestions(typed, !!offersOwn)
  const undecided = !!typed?.trim()
  const { id, message, control } = useField({ name, hint, problem: left && undecided ? text.choose : undefined })

  // A form does not get sent with a text that names no place.
  useEffect(() => field.current?.querySelector('input')?.setCustomValidity(undecided ? text.choose : ''), [undecided, text])

  function choose(next: Place | undefined) {
    setTyped(undefined)
    setChosen(next ?? '')
    if (idOf(chosen) !== idOf(next ?? '')) onChange?.(idOf(next ?? ''))
  }

  return (
    <Labelled {...{ id, label, hint, message, optional }}>
      <div ref={field}>
        <Combobox
          {...control}
          name={undefined}
          maxLength={limits.MAX_LOCATION}
          value={typed ?? place?.name ?? ''}
          {...{ label, options, status }}
          onFocus={() => {
            setLeft(false)
            ask()
          }}
          onBlur={() => setLeft(true)}
          onType={(value) => (value.trim() ? setTyped(value) : choose(undefined))}
          onChoose={(id) => choose(places.find((place) => place.id === id))}
        />
      </div>
      <input
        type="text" hidden readOnly name={name} value={idOf(chosen)} data-default={followed}
        onInput={(event) => {
          setTyped(undefined)
          setChosen(event.currentTarget.value) // Of a draft.
        }}
      />
    </Labelled>
  )
}

const idOf = (chosen: string | Place) => (typeof chosen === 'string' ? chosen : chosen.id)

interface Suggestions {
  places: readonly Place[]
  options: readonly Option[]
  status: string
  /** Says that somebody has come to the field: nothing is asked for before. */
  ask: () => void
}

/** What is suggested for a text; before anything is typed, the viewer's own place. */
function useSuggestions(typed: string | undefined, offersOwn: boolean): Suggestions {
  const { text, format } = useLanguage()
  const [asked, setAsked] = useState(false)
  const [search, setSearch] = useState('')
  const wanted = typed?.trim() ?? ''
  useEffect(() => {
    const timer = setTimeout(setSearch, TYPING_PAUSE, wanted)
    return () => clearTimeout(timer)
  }, [wanted])
  const [{ data, error, operation }] = useQuery({ query: PlacesQuery, variables: { search }, pause: !search })
  const [{ data: own }] = useQuery({ query: OwnPlaceQuery, pause: !offersOwn || !asked })

  // An answer stays until the next one is there, if it fits what is typed meanwhile.
  const answered = operation?.variables.search ?? ''
  const fits = wanted.startsWith(answered) || answered.startsWith(wanted)
  const found = wanted && fits ? data?.places : undefined
  const ownPlace = wanted ? undefined : own?.me.place
  const places = useMemo(() => (found ?? (ownPlace ? [ownPlace] : [])).map((place) => readFragment(PlaceFragment, place)), [found, ownPlace])
  const options = useMemo(
    () =>
      places.map((place) => ({
        id: place.id,
        label: (
          <>
            <bdi>{place.name}</bdi>
            <small>{whereOf(place, format)}</small>
          </>
        ),
      })),
    [places, format],
  )
  const isAnswer = wanted !== '' && wanted === answered
  const status = isAnswer && error ? text.failure[failureOf(error).code].help : places.length > 0 ? text.place.found(places.length) : isAnswer && data ? text.place.none : ''
  return { places, options, status, ask: () => setAsked(true) }
}
