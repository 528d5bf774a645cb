import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { Client, fetchExchange, mapExchange, type Operation } from 'urql'
import ids from './operationIds.json'

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
 * Names the operation by the hash of its text, as automatic persisted queries and the API's mode
 * TRUSTED_DOCUMENTS expect. `miss` makes urql send the text too, so that the pages work without
 * that mode; a build with VITE_DOCUMENTS=id leaves it out.
 */
function nameDocument(operation: Operation): Operation {
  if (operation.kind === 'teardown') return operation
  const definition = operation.query.definitions.find((d) => d.kind === 'OperationDefinition')
  const name = definition?.name?.value ?? ''
  const sha256Hash = (ids as Record<string, string>)[name]
  if (!sha256Hash) throw new Error(`The operation ${name} has no id: export it and run npm run generate`)
  return {
    ...operation,
    extensions: { persistedQuery: { version: 1, sha256Hash, miss: import.meta.env.VITE_DOCUMENTS !== 'id' } },
  } as Operation
}

/** Returns a client for one visitor. A login or logout loads the page anew, and with it the cache. */
export function newClient(): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [cache, mapExchange({ onOperation: nameDocument }), fetchExchange],
    fetch: (input, init) => {
      const timeout = AbortSignal.timeout(REQUEST_TIMEOUT)
      return fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout })
    },
  })
}
