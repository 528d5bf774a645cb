import { useEffect, useState, type ComponentType, type ReactNode } from 'react'
import type { Failure } from '../api/failure'
import { PageFailure } from './FailurePanel'
import { SkeletonLines } from './Skeleton'

/** A server that answers, but not with the file, has another version of the pages. */
async function whyNotLoaded(): Promise<Failure> {
  const answered = await fetch('/health/alive', { cache: 'no-store' }).then(() => true, () => false)
  return { code: answered ? 'DOCUMENT_NOT_TRUSTED' : 'OFFLINE', message: '', fields: {} }
}

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
    const [failure, setFailure] = useState<Failure>()
    useEffect(() => {
      if (Loaded || failure) return
      let current = true
      load().then(
        (component) => {
          known = component
          if (current) setLoaded(() => component)
        },
        async () => {
          const why = await whyNotLoaded()
          if (current) setFailure(why)
        },
      )
      return () => {
        current = false
      }
    }, [Loaded, failure])

    /** Some browsers do not ask twice for a file; they do after the page was loaded anew. Drafts outlive that. */
    function retry() {
      load().then(
        () => setFailure(undefined),
        () => navigator.onLine && location.reload(),
      )
    }

    if (Loaded) return <Loaded {...props} />
    return failure ? <PageFailure part={!isPage} failure={failure} onRetry={retry} /> : skeleton
  }
}

/** Makes a page of one that is loaded when it is opened first. */
export const page = (load: () => Promise<ComponentType>): ComponentType => part(load, { isPage: true })
