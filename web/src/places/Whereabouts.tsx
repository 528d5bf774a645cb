import { Fragment } from 'react'
import { Icon } from '../ui/Icon'
import { placeNames, type Located } from './place'

/** Where a member or a cat lives: the town, and what is said beside it. */
export function Whereabouts(located: Located) {
  const names = placeNames(located)
  if (names.length === 0) return null
  return (
    <span>
      <Icon name="pin" />
      <bdi>
        {names.map((name, n) => (
          <Fragment key={name}>
            {n > 0 && ', '}
            <bdi>{name}</bdi>
          </Fragment>
        ))}
      </bdi>
    </span>
  )
}
