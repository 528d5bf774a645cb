import { useEffect, useRef, type ReactNode } from 'react'
import { useNavigationType } from 'react-router'

/**
 * The heading of a page and its title in the window. It takes the focus after a navigation, so that
 * screen readers announce the new page.
 */
export function PageTitle({ children, title, hidden }: { children?: ReactNode; title: string; hidden?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const followed = useNavigationType() === 'PUSH'
  useEffect(() => {
    if (followed && !document.activeElement?.closest('main')) heading.current?.focus({ preventScroll: true })
  }, [followed])
  return (
    <>
      <title>{`${title} · CatFoster`}</title>
      <h1 ref={heading} tabIndex={-1} className={hidden ? 'visually-hidden' : undefined}>
        {children ?? title}
      </h1>
    </>
  )
}
