import type { Fetcher } from '@graphiql/toolkit'

// Sends an operation as the pages do: on this origin, so that the session cookie goes along.
export const fetcher: Fetcher = async (operation) => {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { accept: 'application/graphql-response+json, application/json', 'content-type': 'application/json' },
    body: JSON.stringify(operation),
  })
  return response.json()
}
