import { cacheExchange, type Cache, type UpdateResolver } from '@urql/exchange-graphcache'
import { persistedExchange } from '@urql/exchange-persisted'
import { Client, CombinedError, fetchExchange, makeOperation, mapExchange, type Exchange, type OperationResult } from 'urql'
import { filter, map, pipe } from 'wonka'
import { lists } from './lists'
import operationIds from './operationIds.json'
import { pageViewer, type Member } from './viewer'

const REQUEST_TIMEOUT = 30_000

/** Forgets the answers to all queries, but who is signed in where: a block hides much, and its end shows it again. */
const askAnew = (cache: Cache) => {
  const hidden = cache.inspectFields('Query').filter(({ fieldName }) => fieldName !== 'me' && fieldName !== 'community')
  for (const { fieldName, arguments: args } of hidden) cache.invalidate('Query', fieldName, args ?? undefined)
}

/**
 * Gives all other mutations an updater that does nothing. Without one the cache empties all objects of a type when a mutation returns
 * one that is in no answer yet, such as a new cat: lists of them would have nothing to show.
 */
const allOf = (updaters: Record<string, UpdateResolver>) =>
  new Proxy(updaters, { get: (known, field: string) => known[field] ?? (() => {}) })

/**
 * The cache knows objects by type and id: an answer to a mutation updates them on every page.
 * Lists are not updated but loaded again when their page is opened ("cache-and-network").
 */
const cache = cacheExchange({
  keys: { Community: () => null, Period: () => null, FosteringEvent: () => null, CatProfileFilterHint: () => null, NotificationSettings: () => null, Suspension: () => null, ReferencesSummary: () => null },
  resolvers: lists.resolvers,
  updates: {
    ...lists.updates,
    Mutation: allOf({
      blockUser: (_result, _args, cache) => askAnew(cache),
      unblockUser: (_result, _args, cache) => askAnew(cache),
      deleteCatProfile: (_result, args, cache) => cache.invalidate({ __typename: 'CatProfile', id: args.id as string }),
    }),
  },
  // Shown until the API has answered, and taken back if it refuses. What is promised is called off in a dialog, which ends with the
  // status: it stays, to show a refusal.
  optimistic: {
    cancelFostering: ({ id }, cache) => {
      const fostering = { __typename: 'Fostering', id: id as string }
      return cache.resolve(fostering, 'status') === 'PENDING' ? { ...fostering, status: 'CANCELLED', viewerCanEdit: false } : null
    },
  },
})

/**
 * Names operations by the hash of their text. The server knows those of its own pages; another
 * version of it gets the text too, if it takes operations that are not registered.
 */
const ids = persistedExchange({
  enableForMutation: true,
  preferGetForPersistedQueries: false,
  generateHash: async (_text, document) => {
    const definition = document.definitions.find((d) => d.kind === 'OperationDefinition')
    const name = definition?.name?.value ?? ''
    const id = (operationIds as Record<string, string>)[name]
    if (!id) throw new Error(`The operation ${name} has no id: export it and run npm run generate`)
    return id
  },
})

/** Learns from each answer whose page it is. An answer for another member does not get into the cache. */
const viewer = mapExchange({
  onResult(result) {
    const codes = result.error?.graphQLErrors.map(({ extensions }) => extensions.code) ?? []
    const { me } = (result.data ?? {}) as { me?: Member }
    if (codes.includes('UNAUTHENTICATED')) pageViewer.learn(null)
    const fits = !me || pageViewer.learn(me)
    if (!fits || codes.includes('VIEWER_CHANGED')) void pageViewer.doubt('refused')
    return fits ? result : refused(result)
  },
})

/**
 * Drops an answer to a query if a later request for the same was answered before: it is older, and may show what was changed since, or
 * what a block hides.
 */
const newest: Exchange =
  ({ forward }) =>
  (operations) => {
    let asked = 0
    const answered = new Map<number, number>()
    return pipe(
      operations,
      map((operation) => makeOperation(operation.kind, operation, { ...operation.context, asked: ++asked })),
      forward,
      filter(({ operation: { kind, key, context } }) => {
        if (kind !== 'query') return true
        if (context.asked < (answered.get(key) ?? 0)) return false
        answered.set(key, context.asked)
        return true
      }),
    )
  }

const refused = (result: OperationResult): OperationResult => ({
  ...result,
  data: undefined,
  error: new CombinedError({ graphQLErrors: [{ message: '', extensions: { code: 'VIEWER_CHANGED' } }] }),
})

function clientOf(exchanges: Exchange[], header: () => Record<string, string>): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges,
    fetch: (input, init) => {
      const timeout = AbortSignal.timeout(REQUEST_TIMEOUT)
      const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout
      return fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), ...header() }, signal })
    },
  })
}

/** Returns a client for one visitor. A login or logout loads the page anew, and with it the cache. */
export const newClient = (): Client => clientOf([cache, viewer, newest, ids, fetchExchange], () => pageViewer.header())

/** Returns a client that remembers nothing, and asks for whoever is signed in. */
export const newAskingClient = (): Client => clientOf([ids, fetchExchange], () => ({}))
