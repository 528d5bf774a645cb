import { useEffect, useState, type ComponentType, type ReactNode } from 'react'
import type { Failure } from '../api/failure'
import { PageFailure } from './FailurePanel'
import { SkeletonLines } from './Skeleton'

const NOT_LOADED: Failure = { code: 'OFFLINE', message: '', fields: {} }

/**
 * Makes a component of one that is loaded when it is shown first, as a first visit to the list of cats shall cost little. What is
 * not loaded can be asked for again: the browser may be offline, or a new version of the server does not have the file any more.
 */
export function part<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { skeleton = <SkeletonLines lines={6} />, isPage = false }: { skeleton?: ReactNode; isPage?: boolean } = {},
): ComponentType<Props> {
  let known: ComponentType<Props> | undefined
  return function Part(props: Props) {
    const [Loaded, setLoaded] = useState(() => known)
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      if (Loaded || failed) return
      let current = true
      load().then(
        (component) => {
          known = component
          if (current) setLoaded(() => component)
        },
        () => current && setFailed(true),
      )
      return () => {
        current = false
      }
    }, [Loaded, failed])

    /** Some browsers do not ask twice for a file; they do after the page was loaded anew. Drafts outlive that. */
    function retry() {
      load().then(
        () => setFailed(false),
        () => navigator.onLine && location.reload(),
      )
    }

    if (Loaded) return <Loaded {...props} />
    return failed ? <PageFailure part={!isPage} failure={NOT_LOADED} onRetry={retry} /> : skeleton
  }
}

/** Makes a page of one that is loaded when it is opened first. */
export const page = (load: () => Promise<ComponentType>): ComponentType => part(load, { isPage: true })
