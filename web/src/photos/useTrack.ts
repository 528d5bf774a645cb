import { useRef, useState } from 'react'

/** A list of photos that is scrolled sideways, and which of them is in sight. */
export function useTrack() {
  const track = useRef<HTMLUListElement>(null)
  const [shown, setShown] = useState(0)
  return {
    shown,
    show(n: number) {
      const { current } = track
      current?.scrollTo({ left: n * current.clientWidth })
    },
    props: {
      ref: track,
      onScroll() {
        const { current } = track
        if (current) setShown(Math.round(current.scrollLeft / current.clientWidth))
      },
    },
  }
}
