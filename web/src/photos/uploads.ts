import { newKey } from '../ui/idempotency'
import { dropFile, keepFile, keptFile } from './kept'
import { scale } from './scale'
import { send, type NotSent } from './send'

/** A photo of a form: one that the API has, or one that is on its way there. */
export interface Item {
  key: string
  /** Once the API has it. */
  id?: string
  alt: string
  /** Where the browser finds it. */
  src: string
  /** How much of it has left, from 0 to 1. */
  progress: number
  failure?: NotSent
}

/** What is known of a photo that the API has. */
export interface Known {
  id: string
  alt?: string | null
}

/** How many photos are on their way at a time: the API waits 20 seconds for the bytes of one, and a slow connection has them to itself. */
const AT_ONCE = 1

/** The most that the API takes, in bytes. */
const MAX_BYTES = 10 * 1024 * 1024

/** What the list does outside of the page. */
const browser = { scale, send, keepFile, keptFile, dropFile, preview: (file: Blob) => URL.createObjectURL(file), forget: (src: string) => URL.revokeObjectURL(src) }

const srcOf = (id: string) => `/photos/${id}/thumbnail.jpg`

const itemOf = ({ id, alt }: Known): Item => ({ key: id, id, alt: alt ?? '', src: srcOf(id), progress: 1 })

/** What a field of a form says about photos: their order, and the keys of files that have not been sent. */
type Written = Pick<Item, 'key' | 'id' | 'alt'>[]

const write = (items: readonly Item[]) => JSON.stringify(items.map(({ key, id, alt }) => ({ key, id, alt })) satisfies Written)

/** Returns the value of the field for the photos that the API has. */
export const valueOf = (photos: readonly Known[]): string => write(photos.map(itemOf))

/** Returns the photos that a field of a form names and that were sent, in order. */
export function photosOf(value: string): { id: string; alt: string }[] {
  return (JSON.parse(value || '[]') as Written).flatMap(({ id, alt }) => (id ? [{ id, alt }] : []))
}

/** Returns a list in which an item has another place. */
export function moved<Each>(list: readonly Each[], from: number, to: number): Each[] {
  const rest = list.filter((_, n) => n !== from)
  return [...rest.slice(0, to), list[from]!, ...rest.slice(to)]
}

/** The photos of a form. What is added is sent at once, so that the form has their ids when it is sent itself. */
export class Uploads {
  private items: readonly Item[]
  private readonly files = new Map<string, Blob>()
  private readonly sending = new Map<string, AbortController>()
  private readonly listeners = new Set<() => void>()
  private running = false
  private readonly at: typeof browser

  constructor(photos: readonly Known[], at = browser) {
    this.items = photos.map(itemOf)
    this.at = at
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly current = (): readonly Item[] => this.items

  get value(): string {
    return write(this.items)
  }

  start(): void {
    this.running = true
    this.next()
  }

  /** Ends what is on its way. It is kept, and sent when the form is opened again. */
  stop(): void {
    this.running = false
    for (const controller of this.sending.values()) controller.abort()
  }

  add(files: readonly Blob[]): void {
    for (const file of files) {
      const key = newKey()
      void this.at.keepFile(key, file)
      this.take(key, file)
    }
    this.next()
  }

  /** Follows the draft of a form that was left. Files that the browser has not kept are gone. */
  restore(value: string): void {
    const written = JSON.parse(value) as Written
    this.set(written.map(({ key, id, alt }) => ({ key, id, alt, src: id ? srcOf(id) : '', progress: id ? 1 : 0 })))
    for (const { key, id } of written) {
      if (!id) void this.at.keptFile(key).then((file) => (file ? this.take(key, file) : this.remove(key))).then(() => this.next())
    }
  }

  remove(key: string): void {
    this.sending.get(key)?.abort()
    this.files.delete(key)
    void this.at.dropFile(key)
    const { src } = this.items.find((item) => item.key === key) ?? {}
    if (src?.startsWith('blob:')) this.at.forget(src)
    this.set(this.items.filter((item) => item.key !== key))
  }

  move(key: string, to: number): void {
    const from = this.items.findIndex((item) => item.key === key)
    if (from >= 0 && to >= 0 && to < this.items.length) this.set(moved(this.items, from, to))
  }

  describe(key: string, alt: string): void {
    this.change(key, { alt })
  }

  /** Sends again what was not sent, for any or for one reason. */
  retry(isMeant: (item: Item) => boolean): void {
    this.set(this.items.map((item) => (item.failure && !item.failure.problem && isMeant(item) ? { ...item, failure: undefined } : item)))
    this.next()
  }

  private take(key: string, file: Blob): void {
    this.files.set(key, file)
    const src = this.at.preview(file)
    const known = this.items.some((item) => item.key === key)
    if (known) this.change(key, { src })
    else this.set([...this.items, { key, alt: '', src, progress: 0 }])
  }

  private next(): void {
    if (!this.running) return
    const waiting = this.items.filter(({ key, id, failure }) => !id && !failure && this.files.has(key) && !this.sending.has(key))
    for (const { key } of waiting.slice(0, AT_ONCE - this.sending.size)) {
      const controller = new AbortController()
      this.sending.set(key, controller)
      void this.sendOne(key, this.files.get(key)!, controller.signal).finally(() => {
        this.sending.delete(key)
        this.next()
      })
    }
  }

  private async sendOne(key: string, file: Blob, signal: AbortSignal): Promise<void> {
    this.change(key, { progress: 0 })
    try {
      const photo = await this.at.scale(file, signal)
      if (signal.aborted) return
      if (photo.size > MAX_BYTES) throw { code: 'BAD_USER_INPUT', message: '', fields: {}, problem: 'size' } satisfies NotSent
      const id = await this.at.send(photo, (progress) => this.change(key, { progress }), signal)
      if (signal.aborted) return
      this.change(key, { id, progress: 1 })
      this.files.delete(key)
      void this.at.dropFile(key)
    } catch (failure) {
      if (!signal.aborted) this.change(key, { failure: failure as NotSent })
    }
  }

  private change(key: string, change: Partial<Item>): void {
    this.set(this.items.map((item) => (item.key === key ? { ...item, ...change } : item)))
  }

  private set(items: readonly Item[]): void {
    this.items = items
    for (const listener of this.listeners) listener()
  }
}
