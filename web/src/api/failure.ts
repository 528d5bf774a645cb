import type { CombinedError } from 'urql'

/** Codes of the API's errors, see docs/errors.md, and OFFLINE for an API that cannot be reached. */
export type Code =
  | 'UNAUTHENTICATED'
  | 'SECOND_FACTOR_REQUIRED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'DOCUMENT_NOT_TRUSTED'
  | 'OFFLINE'
  | 'INTERNAL_SERVER_ERROR'

/** What went wrong, and what the page needs to help. */
export interface Failure {
  code: Code
  message: string
  /** Messages by the name of the input field. */
  fields: Record<string, string>
  /** Where the browser resolves the error. */
  redirectTo?: string
  /** After how many seconds to try again. */
  retryAfter?: number
  /** The id of the request, for a report. */
  requestId?: string
}

const KNOWN: readonly string[] = [
  'UNAUTHENTICATED', 'SECOND_FACTOR_REQUIRED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT', 'RATE_LIMITED', 'UNAVAILABLE',
  'DOCUMENT_NOT_TRUSTED',
] satisfies Code[]

/** Turns urql's error into a failure; the first error of an answer decides the code. */
export function failureOf(error: Pick<CombinedError, 'graphQLErrors' | 'networkError' | 'response'>): Failure {
  const response = error.response as Response | undefined
  const first = error.graphQLErrors[0]
  if (!first) {
    const code = codeOfStatus(response?.status)
    return { code, message: error.networkError?.message ?? '', fields: {}, retryAfter: retryAfterOf(response) }
  }
  const { code, redirectTo, requestId } = first.extensions
  return {
    code: KNOWN.includes(String(code)) ? (code as Code) : 'INTERNAL_SERVER_ERROR',
    message: first.message,
    fields: Object.fromEntries(
      error.graphQLErrors.flatMap(({ message, extensions }) =>
        typeof extensions.field === 'string' ? [[extensions.field, message]] : [],
      ),
    ),
    redirectTo: typeof redirectTo === 'string' ? redirectTo : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    retryAfter: retryAfterOf(response),
  }
}

/** Classifies an answer that is not GraphQL: that of a proxy, or none. */
export function codeOfStatus(status: number | undefined): Code {
  if (!status) return 'OFFLINE'
  if (status === 429) return 'RATE_LIMITED'
  return status >= 502 && status <= 504 ? 'UNAVAILABLE' : 'INTERNAL_SERVER_ERROR'
}

/** Reads the header Retry-After, in seconds. */
export function retryAfterOf(response: Response | undefined): number | undefined {
  const seconds = Number(response?.headers?.get('Retry-After') || NaN)
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined
}
