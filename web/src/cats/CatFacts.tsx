import { Fragment, type ReactNode } from 'react'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useToday } from '../app/viewer'
import { useLanguage } from '../text/language'
import { monthsOf, yesNoFacts } from './facts'

export const CatAgeFragment = graphql(`
  fragment CatAge on CatProfile {
    age
    birthDate
    birthDatePrecision
  }
`)

/** How old a cat is: a kitten in months, if it is known that exactly. */
export function CatAge({ data }: { data: FragmentOf<typeof CatAgeFragment> }) {
  const text = useLanguage().text.cat
  const today = useToday()
  const { age, birthDate, birthDatePrecision } = readFragment(CatAgeFragment, data)
  if (age > 0 || !birthDate || birthDatePrecision === 'YEAR') return text.age(age)
  return text.months(Math.max(0, monthsOf(birthDate, today)))
}

export const CatFactsFragment = graphql(`
  fragment CatFacts on CatProfile {
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
  }
`)

/** What is known about a cat, in a line; nothing if that is nothing. */
export function CatFacts({ data }: { data: FragmentOf<typeof CatFactsFragment> }) {
  const { text, format } = useLanguage()
  const cat = readFragment(CatFactsFragment, data)
  const facts: { name: string; fact: ReactNode }[] = []
  if (cat.sex) facts.push({ name: 'sex', fact: text.facts.sex[cat.sex] })
  if (cat.breed) facts.push({ name: 'breed', fact: <bdi>{cat.breed}</bdi> })
  for (const name of yesNoFacts) {
    const known = cat[name]
    if (known !== null) facts.push({ name, fact: text.facts[name][known ? 'yes' : 'no'] })
  }
  if (cat.vaccinatedUntil) facts.push({ name: 'vaccinatedUntil', fact: text.facts.vaccinatedUntil(format.day(cat.vaccinatedUntil)) })
  if (facts.length === 0) return null
  return (
    <p>
      {facts.map(({ name, fact }, n) => (
        <Fragment key={name}>
          {n > 0 && ' · '}
          {fact}
        </Fragment>
      ))}
    </p>
  )
}
