/**
 * Whose page this is. All tabs of a browser have one session, and a login in one of them changes it. What a page shows, and what
 * was typed into it, belongs to the member for whom it was loaded: the page says so with every request, and the server refuses
 * the requests of a page whose member is not signed in any more. See docs/web.md.
 */
export interface Member {
  id: string
  name: string
}

/** What the page knows about who is signed in now. */
export type PageState =
  | { type: 'own' }
  /** It is being asked: the page may belong to somebody else, and is not shown meanwhile. */
  | { type: 'asking' }
  /** Somebody else than the page's member, if it has one; who it is may not be known. */
  | { type: 'other'; now?: Member; member?: Member }
  /** Somebody who lacks the second factor: it may be the page's member. */
  | { type: 'second-factor' }
  | { type: 'signed-out' }

const OWN: PageState = { type: 'own' }

/** Who is signed in: nobody is null, who lacks the second factor has no name yet, and undefined means that it is not known. */
export type SignedIn = Member | 'second-factor' | null | undefined

type Ask = () => Promise<SignedIn>

export class PageViewer {
  private member?: Member
  /** Whether the API has taken the page's member for the viewer. It does not during a recovery. */
  private signedIn = false
  /** Whether the page has ended its session. */
  private left = false
  private state = OWN
  private ask: Ask = async () => undefined
  private questions = 0
  private announced?: string
  private channel?: BroadcastChannel
  private readonly listeners = new Set<() => void>()

  /** Begins to hear of logins and logouts in other tabs. What they say is a hint; the API is asked whether it is true. */
  listen(ask: Ask, channel: BroadcastChannel): void {
    this.ask = ask
    this.channel = channel
    channel.onmessage = ({ data }: MessageEvent<string>) => {
      if (data !== this.member?.id || this.state !== OWN) void this.doubt('told')
    }
  }

  /** The header field of requests, if it is known whose page it is. */
  header(): Record<string, string> {
    return this.member ? { 'Catfoster-Viewer': this.member.id } : {}
  }

  get id(): string | undefined {
    return this.member?.id
  }

  /**
   * Takes an answer of the API about who is signed in, and reports whether it fits the page. A page whose session has ended is no
   * longer shown.
   */
  learn(me: Member | null): boolean {
    if (me) this.member ??= me
    const fits = !me || me.id === this.member?.id
    if (!fits) return false
    this.announce(me?.id ?? '')
    if (me) this.signedIn = true
    else if (this.signedIn && this.state === OWN) this.set({ type: 'signed-out' })
    return true
  }

  /** Hides the page, because it has just ended its session, until the browser has left it. It stays hidden if the visitor goes back. */
  leave(): void {
    this.left = true
    this.announce('')
    this.set({ type: 'asking' })
  }

  /**
   * Makes it the page of a member for whom Kratos has made a flow, and reports whether it is. The API does not take members who
   * recover their accounts for the viewer.
   */
  belongTo(member: Member): boolean {
    this.member ??= member
    return this.member.id === member.id
  }

  /** Finds out whose page it is, unless that is known, and reports whether there was an answer. */
  async identify(): Promise<boolean> {
    if (this.member) return true
    const now = await this.ask()
    if (now === undefined) return false
    if (now !== 'second-factor') this.learn(now)
    return true
  }

  /**
   * Asks again who is signed in: because the server has refused a request of this page, because another tab tells of a login or
   * a logout, or because the browser shows again a page that was left.
   */
  async doubt(why: 'refused' | 'told' | 'restored'): Promise<void> {
    const { member } = this
    // The page of a visitor shows nothing of anybody, but a form of it may meet a session.
    if (!member && why !== 'refused') return
    const question = ++this.questions
    if (why === 'restored') this.set({ type: 'asking' })
    const now = await this.ask()
    if (question !== this.questions) return
    if (now === 'second-factor') this.set({ type: 'second-factor' })
    else if (now) this.set(now.id === member?.id ? OWN : { type: 'other', now, member })
    else if (now === null && member) this.set(this.signedIn ? { type: 'signed-out' } : OWN)
    else if (why === 'refused') this.set({ type: 'other', member })
    // Its requests are refused if it is somebody else's.
    else if (this.state.type === 'asking') this.set(this.left ? { type: 'signed-out' } : OWN)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly current = (): PageState => this.state

  private set(state: PageState): void {
    this.state = state
    for (const listener of this.listeners) listener()
  }

  private announce(id: string): void {
    if (id === this.announced) return
    this.announced = id
    this.channel?.postMessage(id)
  }
}

/** A document has one viewer: a login or a logout loads another one. */
export const pageViewer = new PageViewer()
