import { Link, useSearchParams } from 'react-router'
import type { VariablesOf } from '../api/graphql'
import { useText } from '../text/language'
import styles from './Fostering.module.css'
import type { FosteringsQuery } from './FosteringsPage'

type Variables = Omit<VariablesOf<typeof FosteringsQuery>, 'first' | 'after'>

/** The parts of a list of fosterings, each with the statuses that belong to it and a useful order. */
const parts = {
  open: { status: ['PENDING'], orderBy: { field: 'CREATED_AT', direction: 'DESC' } },
  promised: { status: ['APPROVED', 'ACTIVE'], orderBy: { field: 'START_DATE', direction: 'ASC' } },
  past: { status: ['COMPLETED', 'REJECTED', 'CANCELLED'], orderBy: { field: 'START_DATE', direction: 'DESC' } },
} satisfies Record<string, Variables>

export type Part = keyof typeof parts

/** Returns the part of the list that the address asks for. */
export function usePart(): { part: Part; variables: Variables } {
  const [parameters] = useSearchParams()
  const asked = parameters.get('part')
  const part = asked && asked in parts ? (asked as Part) : 'open'
  return { part, variables: parts[part] }
}

/** Links to the parts of a list. Owners and participants call the open ones differently. */
export function Tabs({ part, open }: { part: Part; open: string }) {
  const text = useText().fosterings
  const labels = { open, promised: text.promised, past: text.past }
  return (
    <nav className={styles.tabs} aria-label={text.parts}>
      {(Object.keys(parts) as Part[]).map((name) => (
        <Link key={name} to={{ search: name === 'open' ? '' : `?part=${name}` }} replace aria-current={name === part ? 'page' : undefined}>
          {labels[name]}
        </Link>
      ))}
    </nav>
  )
}
