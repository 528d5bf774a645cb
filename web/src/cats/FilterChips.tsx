import { useSearchParams } from 'react-router'
import { graphql } from '../api/graphql'
import * as limits from '../api/limits'
import { useData } from '../api/useData'
import { useLanguage } from '../text/language'
import { Button } from '../ui/Button'
import { usePlace } from '../places/place'
import { EmptyState } from '../ui/EmptyState'
import { Icon } from '../ui/Icon'
import { Named } from '../ui/Named'
import { placeAround } from '../ui/placeAround'
import { filterNames, filterOf, without, type Filter, type FilterName } from './filter'
import { SearchHelp } from './SearchHelp'
import styles from './CatsPage.module.css'

/** What a filter that is on says: a text around the value, which may be of any script. */
interface Label {
  name: FilterName
  text: (value: string) => string
  value: string
}

/** Returns what the filters say that are on. */
function useLabels(filter: Filter): Label[] {
  const { text, format } = useLanguage()
  const { on } = text.filter
  const place = usePlace(filter.near?.placeId)
  return filterNames.flatMap((name): Label[] => {
    const value = filter[name]
    // The last free day is in the label of the first.
    if (value === undefined || value === null || name === 'freeUntil') return []
    switch (name) {
      case 'near':
        return [{ name, text: (place) => on.near(place, filter.near!.radiusKm), value: place?.name ?? '…' }]
      case 'available':
      case 'ownerId':
        return [{ name, text: () => on[name], value: '' }]
      case 'sex':
        return [{ name, text: () => text.facts.sex[filter.sex!], value: '' }]
      case 'vaccinatedOn':
        return [{ name, text: on.vaccinatedOn, value: format.day(filter.vaccinatedOn!) }]
      case 'freeFrom':
        return [{ name, text: on.freeFrom, value: format.period({ startDate: filter.freeFrom!, endDate: filter.freeUntil! }) }]
      case 'search':
      case 'location':
      case 'ageMin':
      case 'ageMax':
      case 'breed':
        return [{ name, text: on[name], value: String(value) }]
      default:
        return [{ name, text: () => text.facts[name][value ? 'yes' : 'no'], value: '' }]
    }
  })
}

/** Returns the function that changes the filters by a control, which may go with them. */
function useChange() {
  const [, setParameters] = useSearchParams()
  return (control: Element, parameters: URLSearchParams) => {
    setParameters(parameters, { replace: true })
    placeAround(control)?.focus({ preventScroll: true })
  }
}

/** The filters that are on, each with a way to remove it. */
export function FilterChips({ parameters }: { parameters: URLSearchParams }) {
  const text = useLanguage().text.cats
  const labels = useLabels(filterOf(parameters))
  const change = useChange()
  if (labels.length === 0) return null
  return (
    <ul className={styles.chips} aria-label={text.filters}>
      {labels.map(({ name, text: write, value }) => (
        <li key={name}>
          <button type="button" aria-label={text.drop(write(value))} onClick={({ currentTarget }) => change(currentTarget, without(parameters, name))}>
            <span>
              <Named text={write} name={value} />
            </span>
            <Icon name="close" />
          </button>
        </li>
      ))}
      <li>
        <Button kind="quiet" small onClick={({ currentTarget }) => change(currentTarget, new URLSearchParams())}>
          {text.clear}
        </Button>
      </li>
    </ul>
  )
}

export const CatFilterHintsQuery = graphql(`
  query CatFilterHints($filter: CatProfileFilter!) {
    catProfileFilterHints(filter: $filter) {
      field
      count
    }
  }
`)

/** No cat has passed the filters: says which of them to remove, and how many cats are found then. */
export function NoneFound({ parameters }: { parameters: URLSearchParams }) {
  const text = useLanguage().text.cats
  const filter = filterOf(parameters)
  const labels = useLabels(filter)
  const change = useChange()
  const { data } = useData(CatFilterHintsQuery, { filter })

  const hints = (data?.catProfileFilterHints ?? []).flatMap(({ field, count }) => {
    const label = labels.find(({ name }) => name === field)
    return label ? [{ ...label, count }] : []
  })
  return (
    <EmptyState
      title={text.noneFound}
      action={hints.map(({ name, text: write, value, count }) => (
        <Button key={name} small onClick={({ currentTarget }) => change(currentTarget, without(parameters, name))}>
          <span>
            <Named text={(value) => text.without(write(value))} name={value} />: {text.found(count, count === limits.MAX_HINT)}
          </span>
        </Button>
      ))}
    >
      {filter.search ? <SearchHelp search={filter.search} parameters={parameters} /> : text.noneFoundHelp}
    </EmptyState>
  )
}
