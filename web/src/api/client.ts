import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { persistedExchange } from '@urql/exchange-persisted'
import { Client, fetchExchange } from 'urql'
import operationIds from './operationIds.json'

const REQUEST_TIMEOUT = 30_000

/**
 * The cache knows objects by type and id: an answer to a mutation updates them on every page.
 * Lists are not updated but loaded again when their page is opened ("cache-and-network").
 */
const cache = cacheExchange({
  keys: { Period: () => null },
  resolvers: {
    Query: { catProfiles: relayPagination(), fosterings: relayPagination(), admins: relayPagination() },
  },
  updates: {
    Mutation: {
      deleteCatProfile: (_result, args, cache) => cache.invalidate({ __typename: 'CatProfile', id: args.id as string }),
    },
  },
  // Shown until the API has answered, and taken back if it refuses.
  optimistic: {
    cancelFostering: ({ id }) => ({ __typename: 'Fostering', id, status: 'CANCELLED', viewerCanEdit: false }),
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

/** Returns a client for one visitor. A login or logout loads the page anew, and with it the cache. */
export function newClient(): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [cache, ids, fetchExchange],
    fetch: (input, init) => {
      const timeout = AbortSignal.timeout(REQUEST_TIMEOUT)
      return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout })
    },
  })
}
