import type { DocumentNode } from 'graphql'
import { useEffect, useMemo, useRef, useState } from 'react'
import { formatDocument, stringifyDocument } from 'urql'
import { graphql } from '../api/graphql'
import { Live, followViewer, type Kind } from './live'

/** The browser's EventSource sends it: as a text, which another version of the server takes too. */
export const ViewerEventsSubscription = graphql(`
  subscription ViewerEvents {
    viewerEvents {
      kind
      id
    }
  }
`)

const live = new Live(`/graphql?query=${encodeURIComponent(stringifyDocument(formatDocument(ViewerEventsSubscription)))}`)

/**
 * Calls a handler for each event of a kind, until the function that it returns is called. An event is a hint: ask the API. Whoever
 * handles a kind also handles REFETCH, which says that events may have been lost.
 */
export const onLive = (kind: Kind, handler: (id: string | null) => void): (() => void) => live.on(kind, handler)

/** Calls a handler for each event of a kind as long as the component is there: see onLive. */
export function useLive(kind: Kind, handler: (id: string | null) => void): void {
  const current = useRef(handler)
  useEffect(() => {
    current.current = handler
  })
  useEffect(() => onLive(kind, (id) => current.current(id)), [kind])
}

/** Hears of what concerns the viewer as long as the pages are there. */
export function useLiveEvents(viewer: string | undefined): void {
  useEffect(() => (viewer ? followViewer(live) : undefined), [viewer])
}

/** Several events at once are one reason to ask again. */
const GATHER = 50
/** How long to wait if the visitor is busy. */
const BUSY = 1_000

/** What a dialog says must stay as it was when it was opened, and a page that nobody sees can wait. */
const isBusy = () => document.hidden || document.querySelector('dialog[open]') !== null

/** Work that is done soon, once for each key, when it does not disturb the visitor. */
export class Soon {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()

  do(key: string, work: () => void): void {
    if (this.timers.has(key)) return
    const attempt = () => {
      if (isBusy()) return this.timers.set(key, setTimeout(attempt, BUSY))
      this.timers.delete(key)
      work()
    }
    this.timers.set(key, setTimeout(attempt, GATHER))
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.timers.clear()
  }
}

/**
 * Calls reload when a fostering is new to data, the answer to a query for fosterings, and when events may have been lost. What is in
 * data already is updated in its place: see useLiveFosterings.
 */
export function useLiveReload(query: DocumentNode, data: unknown, enabled: boolean, reload: () => void): void {
  const ofFosterings = useMemo(() => /fostering/i.test(stringifyDocument(query)), [query])
  const [soon] = useState(() => new Soon())
  const current = useRef(reload)
  useEffect(() => {
    current.current = reload
  })
  useLive('FOSTERING', (id) => {
    if (enabled && ofFosterings && !JSON.stringify(data ?? null).includes(id!)) soon.do('', () => current.current())
  })
  useLive('REFETCH', () => {
    if (enabled) soon.do('', () => current.current())
  })
  useEffect(() => () => soon.stop(), [soon])
}
