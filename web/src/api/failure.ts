import type { CombinedError } from 'urql'

/** Codes of the API's errors, see docs/errors.md, and what else keeps a visitor from going on. */
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
  | 'VIEWER_CHANGED'
  /** The API cannot be reached. */
  | 'OFFLINE'
  /** The browser sends no cookies. */
  | 'COOKIES'
  /** An operator has switched the account off. */
  | 'DEACTIVATED'
  | 'INTERNAL_SERVER_ERROR'

/** Reasons of a conflict, and of a refusal, see docs/errors.md. */
export type Reason =
  | 'ALREADY_REPORTED'
  | 'ALREADY_REQUESTED'
  | 'BUSY'
  | 'CAT_PROMISED'
  | 'CAT_UNAVAILABLE'
  | 'CHANGED_MEANWHILE'
  | 'CONVERSATION_CLOSED'
  | 'DAY_PASSED'
  | 'DAYS_TAKEN'
  | 'FOSTERING_PROMISED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'LAST_SUPER_ADMIN'
  | 'QUOTA_EXCEEDED'
  | 'REFERENCE_CLOSED'
  | 'REFERENCE_WRITTEN'
  | 'REPORT_RESOLVED'
  | 'STATUS_CHANGED'
  | 'SUPER_ADMIN'
  | 'SUSPENDED'

/** What went wrong, and what the page needs to help. */
export interface Failure {
  code: Code
  /** What a conflict is about, as the API says it. */
  reason?: string
  message: string
  /** Messages by the name of the input field. */
  fields: Record<string, string>
  /** Reasons by the name of the input field, for rules that have one. */
  reasons?: Record<string, string>
  /** Where the browser resolves the error. */
  redirectTo?: string
  /** After how many seconds to try again. */
  retryAfter?: number
  /** Until when the viewer is suspended, unless that has no end, and what the moderators say. */
  until?: string
  explanation?: string
  /** The id of the request, for a report. */
  requestId?: string
}

/** Whether an object has changed since the page has shown it, which then has to load it again. */
export const isChanged = (failure: Failure | undefined) => failure?.reason === 'CHANGED_MEANWHILE'

/** Whether the form was sent before with other content, and has arrived. */
export const isSent = (failure: Failure | undefined) => failure?.reason === 'IDEMPOTENCY_KEY_REUSED'

const KNOWN: readonly string[] = [
  'UNAUTHENTICATED', 'SECOND_FACTOR_REQUIRED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT', 'CONFLICT', 'RATE_LIMITED', 'UNAVAILABLE',
  'DOCUMENT_NOT_TRUSTED', 'VIEWER_CHANGED',
] satisfies Code[]

/** Turns urql's error into a failure; the first error of an answer decides the code. */
export function failureOf(error: Pick<CombinedError, 'graphQLErrors' | 'networkError' | 'response'>): Failure {
  const response = error.response as Response | undefined
  const first = error.graphQLErrors[0]
  if (!first) {
    const code = codeOfStatus(response?.status)
    return { code, message: error.networkError?.message ?? '', fields: {}, retryAfter: retryAfterOf(response) }
  }
  const { code, reason, redirectTo, requestId, until, explanation } = first.extensions
  const byField = (value: (error: CombinedError['graphQLErrors'][number]) => unknown): Record<string, string> =>
    Object.fromEntries(
      error.graphQLErrors.flatMap((each) => {
        const { field } = each.extensions
        const text = value(each)
        return typeof field === 'string' && typeof text === 'string' ? [[field, text]] : []
      }),
    )
  return {
    code: KNOWN.includes(String(code)) ? (code as Code) : 'INTERNAL_SERVER_ERROR',
    reason: typeof reason === 'string' ? reason : undefined,
    message: first.message,
    fields: byField(({ message }) => message),
    reasons: byField(({ extensions }) => extensions.reason),
    redirectTo: typeof redirectTo === 'string' ? redirectTo : undefined,
    until: typeof until === 'string' ? until : undefined,
    explanation: typeof explanation === 'string' ? explanation : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    retryAfter: retryAfterOf(response),
  }
}

/** Classifies an answer that is not GraphQL: that of a proxy, or none. */
export function codeOfStatus(status: number | undefined): Code {
  if (!status) return 'OFFLINE'
  if (status === 429) return 'RATE_LIMITED'
  if (status === 412) return 'VIEWER_CHANGED'
  return status >= 502 && status <= 504 ? 'UNAVAILABLE' : 'INTERNAL_SERVER_ERROR'
}

/** Reads the header Retry-After, in seconds. */
export function retryAfterOf(response: Response | undefined): number | undefined {
  const seconds = Number(response?.headers?.get('Retry-After') || NaN)
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined
}
