import { useEffect, useLayoutEffect, useRef } from 'react'
import { useLocation, useNavigationType } from 'react-router'

/** A new page begins at its top; a visitor who goes back finds the place that they left. */
export function useScroll(): void {
  const { key, pathname } = useLocation()
  const type = useNavigationType()
  const places = useRef(new Map<string, number>())
  const current = useRef({ key, pathname })

  useEffect(() => {
    history.scrollRestoration = 'manual'
    const remember = () => places.current.set(current.current.key, scrollY)
    addEventListener('scroll', remember, { passive: true })
    return () => removeEventListener('scroll', remember)
  }, [])

  useLayoutEffect(() => {
    // Filters change the address, but not the page.
    const samePage = current.current.pathname === pathname
    // Before the browser reports that the new page is shorter, which says nothing of the old one.
    current.current = { key, pathname }
    if (type === 'POP') scrollTo(0, places.current.get(key) ?? 0)
    else if (!samePage) scrollTo(0, 0)
  }, [key, pathname, type])
}
