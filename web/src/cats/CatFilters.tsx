import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useLocation, useSearchParams } from 'react-router'
import * as limits from '../api/limits'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { Checkbox, SelectField, TextField } from '../ui/Form'
import { Icon } from '../ui/Icon'
import { PlaceField } from '../places/PlaceField'
import { BreedField } from './BreedField'
import { sexes } from './facts'
import { filterNames, isNear, orderOf, orders, parametersOf, radii, radiusOf, yesNoFilters, type FilterName, type OrderName } from './filter'
import styles from './CatsPage.module.css'

/** How long after the last key the list follows a text field. */
const TYPING_PAUSE = 300

/** The search, the filters and the order of the list of cats. The list follows every change. */
export function CatFilters() {
  const text = useText()
  const [parameters, setParameters] = useSearchParams()
  const { pathname } = useLocation()
  const form = useRef<HTMLFormElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const address = useRef(parameters.toString())

  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    // Somebody followed a link, went back, or cleared the filters: the fields follow the address.
    if (address.current === parameters.toString()) return
    clearTimeout(timer.current)
    address.current = parameters.toString()
    for (const name of filterNames) {
      const control = form.current?.elements.namedItem(name)
      if (control instanceof HTMLInputElement && control.type === 'checkbox') control.checked = parameters.get(name) === 'true'
      else if (control instanceof HTMLInputElement && name !== 'near') control.value = parameters.get(name) ?? ''
      else if (control instanceof HTMLSelectElement) control.value = parameters.get(name) ?? ''
    }
  }, [parameters])
  useEffect(() => {
    // What they say follows from the other filters, too.
    const { elements } = form.current!
    for (const [name, value] of [['order', orderOf(parameters)], ['radius', String(radiusOf(parameters))]] as const) {
      const control = elements.namedItem(name)
      if (control instanceof HTMLSelectElement) control.value = value
    }
  }, [parameters])

  function apply(near?: string) {
    clearTimeout(timer.current)
    const fields = new FormData(form.current!)
    if (near !== undefined) fields.set('near', near)
    const next = parametersOf(fields, parameters)
    const owner = parameters.get('ownerId')
    if (owner) next.set('ownerId', owner)
    address.current = next.toString()
    setParameters(next, { replace: true })
  }

  /**
   * Does nothing if the address has changed meanwhile: the fields are about to follow it, or the page has been left, which is still
   * shown until the next one is there.
   */
  function applyTyped() {
    if (location.pathname === pathname && new URLSearchParams(location.search).toString() === address.current) apply()
  }

  function follow(event: FormEvent<HTMLFormElement>) {
    if (!(event.target as HTMLInputElement).name) return // A town that is being typed.
    clearTimeout(timer.current)
    const typed = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox'
    if (typed) timer.current = setTimeout(applyTyped, TYPING_PAUSE)
    else apply()
  }

  const value = (name: string) => parameters.get(name) ?? undefined
  const orderNames = (Object.keys(orders) as OrderName[]).filter((name) => name !== 'distance' || isNear(parameters))
  // The API takes both days or none.
  const halfPeriod = parameters.has('freeFrom') !== parameters.has('freeUntil')
  // On a narrow screen the chips say enough, and the cats come first.
  const [open] = useState(() => {
    const has = (...names: FilterName[]) => names.some((name) => parameters.has(name)) && matchMedia('(min-width: 40rem)').matches
    return {
      place: has('location', 'ageMin', 'ageMax', 'freeFrom', 'freeUntil', 'available'),
      facts: has('sex', 'breed', 'vaccinatedOn', ...yesNoFilters),
    }
  })
  return (
    <search>
      <form
        ref={form}
        className={styles.filters}
        onChange={follow}
        onSubmit={(event) => {
          event.preventDefault()
          apply()
        }}
      >
        <div className={styles.near}>
          <PlaceField label={text.filter.near} name="near" place={value('near')} offersOwn onChange={apply} />
          {isNear(parameters) && (
            <SelectField label={text.filter.radius} name="radius" defaultValue={String(radiusOf(parameters))}>
              {radii.map((radius) => (
                <option key={radius} value={radius}>
                  {text.filter.km(radius)}
                </option>
              ))}
            </SelectField>
          )}
        </div>
        <div className={styles.main}>
          <TextField label={text.filter.search} name="search" type="search" maxLength={limits.MAX_SEARCH} placeholder={text.filter.searchExample} defaultValue={value('search')} />
          <Button type="submit">
            <Icon name="search" />
            <span className={styles.submit}>{text.filter.submit}</span>
          </Button>
          <SelectField label={text.filter.order} name="order" defaultValue={orderOf(parameters)}>
            {orderNames.map((name) => (
              <option key={name} value={name}>
                {text.filter.orders[name]}
              </option>
            ))}
          </SelectField>
        </div>
        <details className={styles.more} open={open.place}>
          <summary>
            <Icon name="filter" />
            {text.filter.more}
          </summary>
          <div className={styles.fields}>
            <TextField label={text.cat.location} name="location" maxLength={limits.MAX_LOCATION} defaultValue={value('location')} />
            <TextField label={text.filter.ageMin} name="ageMin" type="number" min={0} max={limits.MAX_AGE} defaultValue={value('ageMin')} />
            <TextField label={text.filter.ageMax} name="ageMax" type="number" min={0} max={limits.MAX_AGE} defaultValue={value('ageMax')} />
            <TextField label={text.filter.freeFrom} name="freeFrom" type="date" defaultValue={value('freeFrom')} />
            <TextField label={text.filter.freeUntil} name="freeUntil" type="date" defaultValue={value('freeUntil')} hint={halfPeriod && text.filter.bothDays} />
            <Checkbox label={text.filter.available} name="available" value="true" defaultChecked={value('available') === 'true'} />
          </div>
        </details>
        <details className={styles.more} open={open.facts}>
          <summary>
            <Icon name="cat" />
            {text.filter.facts}
          </summary>
          <div className={styles.fields}>
            <SelectField label={text.facts.sexLabel} name="sex" defaultValue={value('sex') ?? ''}>
              <option value="">{text.filter.any}</option>
              {sexes.map((sex) => (
                <option key={sex} value={sex}>
                  {text.facts.sex[sex]}
                </option>
              ))}
            </SelectField>
            <BreedField defaultValue={value('breed')} />
            {yesNoFilters.map((name) => (
              <SelectField key={name} label={text.facts[name].label} name={name} defaultValue={value(name) ?? ''}>
                <option value="">{text.filter.any}</option>
                <option value="true">{text.facts.yes}</option>
                <option value="false">{text.facts.no}</option>
              </SelectField>
            ))}
            <TextField label={text.filter.vaccinatedOn} name="vaccinatedOn" type="date" defaultValue={value('vaccinatedOn')} />
          </div>
        </details>
      </form>
    </search>
  )
}
