import { useEffect, useId, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../api/graphql'
import * as limits from '../api/limits'
import { useText } from '../text/language'
import { TextField } from '../ui/Form'

export const BreedsQuery = graphql(`
  query Breeds($search: String!) {
    breeds(search: $search)
  }
`)

/** How long after the last key breeds are suggested. */
const TYPING_PAUSE = 300

/** A breed: any text, with suggestions of those in use. */
export function BreedField({ defaultValue, optional }: { defaultValue?: string; optional?: boolean }) {
  const text = useText()
  const list = useId()
  // Nothing is asked for before somebody comes to the field.
  const [search, setSearch] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const [{ data }] = useQuery({ query: BreedsQuery, variables: { search: search ?? '' }, pause: search === undefined })

  function suggest(typed: string) {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setSearch(typed.trim()), TYPING_PAUSE)
  }

  return (
    <>
      <TextField
        label={text.facts.breed} name="breed" maxLength={limits.MAX_BREED} list={list} autoComplete="off" {...{ defaultValue, optional }}
        onFocus={(event) => suggest(event.target.value)} onInput={(event) => suggest(event.currentTarget.value)}
      />
      <datalist id={list}>
        {data?.breeds.map((breed) => (
          <option key={breed} value={breed} />
        ))}
      </datalist>
    </>
  )
}
