import type { Cache, FieldArgs, Resolver, UpdateResolver } from '@urql/exchange-graphcache'
import { stringifyVariables } from 'urql'

/** What pages of one list have in common. Another size is another list: the newest entry alone says nothing about a page. */
const listOf = (args: FieldArgs) => stringifyVariables({ ...args, after: null })

const pagesOf = (cache: Cache, parent: string, field: string, args: FieldArgs) =>
  cache.inspectFields(parent).filter((page) => page.fieldName === field && listOf(page.arguments) === listOf(args))

/**
 * Joins the pages of a list, from the first on: each begins where the one before it ends. What does not follow, or has an object that
 * is gone, is left out, so that the beginning of the list has no gaps.
 */
const joined: Resolver = (_parent, args, cache, { parentKey, fieldName }) => {
  let after: string | null | undefined
  const pages = new Map(pagesOf(cache, parentKey, fieldName, args).map((page) => [page.arguments?.['after'] as typeof after, page.fieldKey]))
  const edges: string[] = []
  let last: { __typename: string; pageInfo: string } | undefined
  for (;;) {
    const key = pages.get(after)
    const page = key && (cache.resolve(parentKey, key) as string)
    if (!page) break
    const found = (cache.resolve(page, 'edges') ?? []) as string[]
    if (!found.every((edge) => cache.resolve(cache.resolve(edge, 'node') as string, '__typename'))) break
    edges.push(...found)
    last = { __typename: cache.resolve(page, '__typename') as string, pageInfo: cache.resolve(page, 'pageInfo') as string }
    pages.delete(after)
    after = cache.resolve(last.pageInfo, 'endCursor') as typeof after
  }
  return last && { ...last, edges }
}

/** Forgets the later pages when the first one is answered: they may begin elsewhere now, or have changed too. */
const begun: UpdateResolver = (_result, args, cache, { parentKey, fieldName }) => {
  if (args['after']) return
  for (const page of pagesOf(cache, parentKey, fieldName, args)) {
    if (page.arguments?.['after']) cache.invalidate(parentKey, fieldName, page.arguments)
  }
}

const each = <T>(value: T, ...fields: string[]) => Object.fromEntries(fields.map((field) => [field, value]))

const OF_QUERY = ['catProfiles', 'fosterings', 'admins', 'blockedUsers', 'moderationQueue', 'moderators', 'findMembers', 'auditEntries']
const OF_USER = ['references', 'reportsAbout', 'notifications']

/** The lists that are loaded page by page. */
export const lists = {
  resolvers: { Query: each(joined, ...OF_QUERY), User: each(joined, ...OF_USER) },
  updates: { Query: each(begun, ...OF_QUERY), User: each(begun, ...OF_USER) },
}
