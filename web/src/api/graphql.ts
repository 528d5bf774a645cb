import { initGraphQLTada } from 'gql.tada'
import type { introspection } from './schema.d.ts'

export { readFragment, type FragmentOf, type ResultOf, type VariablesOf } from 'gql.tada'

/** Parses an operation or a fragment; its types follow from schema.graphqls. */
export const graphql = initGraphQLTada<{
  introspection: introspection
  scalars: { ID: string; Date: string; Time: string; URL: string; Cursor: string }
}>()
