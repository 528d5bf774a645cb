import { codeOfStatus, failureOf, retryAfterOf, type Failure } from '../api/failure'
import { pageViewer } from '../api/viewer'

/** How long a photo may be on its way, by a slow connection. */
const PATIENCE = 120_000

/** What is wrong with a photo, by the status of the answer: sending it again does not help. */
const problems = { 413: 'size', 415: 'format', 422: 'broken' } as const

export type Problem = (typeof problems)[keyof typeof problems]

/** Why a photo was not sent. */
export interface NotSent extends Failure {
  problem?: Problem
}

/** Statuses of a body that did not arrive as a whole, or too slowly. */
const LOST = [400, 408]

/** Returns the failure of an answer, or of none. */
export function notSent(status: number, body: string, retryAfter: string | null): NotSent {
  const response = new Response(null, { status: status < 200 ? 500 : status, headers: retryAfter ? { 'Retry-After': retryAfter } : {} })
  const problem = problems[status as keyof typeof problems]
  try {
    const { errors } = JSON.parse(body) as { errors: Parameters<typeof failureOf>[0]['graphQLErrors'] }
    const failure = failureOf({ graphQLErrors: errors, response })
    return LOST.includes(status) ? { ...failure, code: 'OFFLINE' } : { ...failure, problem }
  } catch {
    // It is an answer of a proxy, or there is none.
    return { code: codeOfStatus(status), message: '', fields: {}, retryAfter: retryAfterOf(response), problem }
  }
}

/** Tells the page if the photo was refused because somebody else is signed in, or nobody. */
function learnFrom({ code }: NotSent): void {
  if (code === 'UNAUTHENTICATED') pageViewer.learn(null)
  if (code === 'VIEWER_CHANGED') void pageViewer.doubt('refused')
}

/** Sends a photo and returns its id. It tells how much of it has left, from 0 to 1, which fetch does not. A failure is thrown. */
export function send(photo: Blob, onProgress: (part: number) => void, signal: AbortSignal): Promise<string> {
  const request = new XMLHttpRequest()
  request.open('POST', '/photos')
  for (const [name, value] of Object.entries(pageViewer.header())) request.setRequestHeader(name, value)
  request.timeout = PATIENCE
  signal.addEventListener('abort', () => request.abort())
  request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / (total || 1))
  return new Promise((resolve, reject) => {
    request.onloadend = () => {
      const { status, responseText } = request
      if (status === 201) return resolve((JSON.parse(responseText) as { id: string }).id)
      const failure = notSent(status, responseText, status ? request.getResponseHeader('Retry-After') : null)
      learnFrom(failure)
      reject(failure)
    }
    request.send(photo)
  })
}
