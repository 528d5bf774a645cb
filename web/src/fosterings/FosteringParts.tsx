import type { ComponentType, ReactNode } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { TypedDocumentNode } from 'urql'
import type { graphql } from '../api/graphql'
import { usePages, type PageInfo } from '../api/useData'
import { useText } from '../text/language'
import { EmptyState } from '../ui/EmptyState'
import { hasKey } from '../ui/hasKey'
import { PagedList } from '../ui/PagedList'
import { PageTitle } from '../ui/PageTitle'
import styles from './Fostering.module.css'
import type { Status } from './status'

interface Variables {
  status: Status[]
  orderBy: ReturnType<typeof graphql.scalar<'FosteringOrder'>>
}

/** The parts of a list of fosterings, each with the statuses that belong to it and a useful order. */
const parts = {
  open: { status: ['PENDING'], orderBy: { field: 'CREATED_AT', direction: 'DESC' } },
  promised: { status: ['APPROVED', 'ACTIVE'], orderBy: { field: 'START_DATE', direction: 'ASC' } },
  past: { status: ['COMPLETED', 'REJECTED', 'CANCELLED', 'EXPIRED'], orderBy: { field: 'START_DATE', direction: 'DESC' } },
} satisfies Record<string, Variables>

type Part = keyof typeof parts

interface Fosterings<Item> {
  fosterings: { edges: { node: Item }[]; pageInfo: PageInfo }
}

interface FosteringPartsProps<Item> {
  query: TypedDocumentNode<Fosterings<Item>, Variables & { first: number; after?: string | null }>
  /** Owners and participants call the page and its open fosterings differently. */
  text: { title: string; open: string; empty: Record<Part, { title: string; help: string }> }
  /** What to do if a part is empty. */
  action: ReactNode
  /** What to do with all that are shown. */
  above?: ComponentType<{ items: Item[]; onReload: () => void }>
  children: (item: Item, onReload: () => void) => ReactNode
}

/** A page with the viewer's fosterings in parts; the address says which part is shown. */
export function FosteringParts<Item extends { id: string }>(props: FosteringPartsProps<Item>) {
  const [parameters] = useSearchParams()
  const asked = parameters.get('part')
  const part = hasKey(parts, asked) ? asked : 'open'
  return (
    <div className={styles.page}>
      <PageTitle title={props.text.title} />
      <Tabs part={part} open={props.text.open} />
      <List key={part} part={part} {...props} />
    </div>
  )
}

function Tabs({ part, open }: { part: Part; open: string }) {
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

function List<Item extends { id: string }>({ part, query, text, action, above: Above, children }: FosteringPartsProps<Item> & { part: Part }) {
  const list = usePages(query, { first: 10, ...parts[part] }, (data) => data.fosterings)
  const { title, help } = text.empty[part]
  const items = (data: Fosterings<Item>) => data.fosterings.edges.map((edge) => edge.node)
  return (
    <>
      {list.data && Above && <Above items={items(list.data)} onReload={list.reload} />}
      <PagedList
        list={list}
        items={items}
        empty={
          <EmptyState title={title} action={action}>
            {help}
          </EmptyState>
        }
      >
        {(item) => children(item, list.reload)}
      </PagedList>
    </>
  )
}
