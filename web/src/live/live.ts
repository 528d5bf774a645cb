import { pageViewer } from '../api/viewer'

/** What events are about: see ViewerEventKind in schema.graphqls. */
export type Kind = 'NOTIFICATION' | 'MESSAGE' | 'FOSTERING' | 'REFETCH'

/** A hint that something has changed. REFETCH has no id. */
export interface LiveEvent {
  kind: Kind
  id: string | null
}

type Handler = (id: string | null) => void

/** When to try again if the server has refused a stream, and twice as long at most. */
const RETRY = 30_000
/** If the first stream takes longer to open, something may have changed since the page was loaded. */
const PROMPT = 2_000
/** REFETCH reaches everybody at the same moment: pages ask again within this time. */
const SPREAD = 1_000

/**
 * What happens while the page is open. One tab of a browser, which has a lock, has the stream, and tells the others: with HTTP/1.1
 * a browser has six connections for all tabs. When that tab is closed another one gets the lock.
 */
export class Live {
  private readonly handlers = new Map<Kind, Set<Handler>>()
  private readonly url: string
  private readonly spread: number
  private stop?: () => void
  private followed = false

  constructor(url: string, spread = SPREAD) {
    this.url = url
    this.spread = spread
  }

  /** Calls a handler for each event of a kind, until the function that it returns is called. */
  on(kind: Kind, handler: Handler): () => void {
    const handlers = this.handlers.get(kind) ?? new Set()
    this.handlers.set(kind, handlers.add(handler))
    return () => handlers.delete(handler)
  }

  /** Begins to hear of what concerns a member, or ends that if there is none. Browsers that cannot do it hear nothing. */
  follow(member: string | undefined): void {
    this.stop?.()
    this.stop = undefined
    if (!member || typeof EventSource === 'undefined' || !globalThis.navigator?.locks) return
    const name = `catfoster.live.${member}`
    const channel = new BroadcastChannel(name)
    const ended = new AbortController()
    channel.onmessage = ({ data }: MessageEvent<LiveEvent>) => this.tell(data)
    this.stop = () => {
      ended.abort()
      channel.close()
    }
    // What happened since the page was followed before was not heard.
    if (this.followed) this.tell({ kind: 'REFETCH', id: null })
    this.followed = true
    const lead = (late: boolean) =>
      this.lead(ended.signal, late, (event) => {
        channel.postMessage(event)
        this.tell(event)
      })
    void this.compete(name, ended.signal, lead)
  }

  /** Leads at once if no other tab does, or when the other tab has ended. */
  private async compete(name: string, ended: AbortSignal, lead: (late: boolean) => Promise<void>): Promise<void> {
    const { locks } = navigator
    const leads = await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await lead(false)
      return lock !== null
    })
    if (leads) return
    try {
      await locks.request(name, { signal: ended }, () => lead(true))
    } catch {
      // The wait for the lock has ended with the page of the member.
    }
  }

  /** Has the stream until the signal. Before a stream that is not the first one events may have been lost. */
  private async lead(ended: AbortSignal, late: boolean, tell: (event: LiveEvent) => void): Promise<void> {
    while (!ended.aborted) {
      const goOn = await this.listen(ended, late, tell)
      late = true
      if (!goOn) await aborted(ended)
      else await pause(RETRY * (1 + Math.random()), ended)
    }
  }

  /** Listens to a stream, which the browser opens again if it is cut. Reports whether to try it again if that is over. */
  private listen(ended: AbortSignal, late: boolean, tell: (event: LiveEvent) => void): Promise<boolean> {
    return new Promise((resolve) => {
      const source = new EventSource(this.url)
      const begun = Date.now()
      let timer: ReturnType<typeof setTimeout> | undefined
      const end = (goOn: boolean) => {
        clearTimeout(timer)
        source.close()
        resolve(goOn)
      }
      const refetch = () => {
        clearTimeout(timer)
        timer = setTimeout(() => tell({ kind: 'REFETCH', id: null }), Math.random() * this.spread)
      }
      ended.addEventListener('abort', () => end(false))
      source.onopen = () => {
        if (late || Date.now() - begun > PROMPT) refetch()
        late = true
      }
      source.onerror = () => source.readyState === EventSource.CLOSED && end(true)
      // A server that stops says REFETCH first. There is nobody to ask until the browser has connected again.
      source.addEventListener('complete', () => clearTimeout(timer))
      source.addEventListener('next', ({ data }: MessageEvent<string>) => {
        const { data: result, errors } = JSON.parse(data) as Result
        if (result?.viewerEvents.kind === 'REFETCH') refetch()
        else if (result?.viewerEvents) tell(result.viewerEvents)
        // Without a session there is nothing to hear until a login, which loads the page again.
        if (errors) end(errors.some(({ extensions }) => extensions.code === 'UNAVAILABLE'))
      })
    })
  }

  private tell({ kind, id }: LiveEvent): void {
    for (const handler of this.handlers.get(kind) ?? []) handler(id)
  }
}

interface Result {
  data?: { viewerEvents: LiveEvent } | null
  errors?: { extensions: { code: string } }[]
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}

async function pause(milliseconds: number, ended: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  await Promise.race([new Promise((resolve) => (timer = setTimeout(resolve, milliseconds))), aborted(ended)])
  clearTimeout(timer)
}

/** Follows what concerns the page's member as long as the page is the member's, and is shown. */
export function followViewer(live: Live): () => void {
  let following: string | undefined
  const follow = (shown = true) => {
    const member = shown && pageViewer.current().type === 'own' ? pageViewer.id : undefined
    if (member === following) return
    following = member
    live.follow(member)
  }
  const show = () => follow()
  const hide = () => follow(false) // A page with a stream is not kept for the way back.
  const unsubscribe = pageViewer.subscribe(show)
  addEventListener('pageshow', show)
  addEventListener('pagehide', hide)
  follow()
  return () => {
    unsubscribe()
    removeEventListener('pageshow', show)
    removeEventListener('pagehide', hide)
    hide()
  }
}
