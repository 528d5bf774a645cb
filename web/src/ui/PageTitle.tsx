import { createContext, use, useEffect, useRef, type ReactNode } from 'react'
import { useLocation, type Location } from 'react-router'
import { useCommunity } from '../app/viewer'

/** Where the visitor came in. The browser itself announces that page. */
export const Entrance = createContext<Location | null>(null)

/**
 * The heading of a page and its title in the window. It takes the focus when a page follows another, so that screen readers
 * announce it, unless the visitor is busy in the page already.
 */
export function PageTitle({ children, title, hidden }: { children?: ReactNode; title: string; hidden?: boolean }) {
  const community = useCommunity()
  const heading = useRef<HTMLHeadingElement>(null)
  const isEntrance = useLocation() === use(Entrance)
  useEffect(() => {
    const isBusy = document.activeElement?.parentElement?.closest('main')
    if (!isEntrance && !isBusy) heading.current?.focus({ preventScroll: true })
    // Once per page: a change of its address, such as by a filter, is no navigation.
  }, []) // oxlint-disable-line react-hooks/exhaustive-deps
  return (
    <>
      <title>{`${title} · ${community?.name ?? 'CatFoster'}`}</title>
      <h1 ref={heading} tabIndex={-1} className={hidden ? 'visually-hidden' : undefined}>
        {children ?? title}
      </h1>
    </>
  )
}
