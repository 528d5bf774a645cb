import { useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react'
import { pageViewer, type PageState } from '../api/viewer'
import { loginPath, withReturn } from '../kratos/location'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { Named } from '../ui/Named'
import styles from './OwnPage.module.css'

/** Shows the page only while its member is signed in. It stays as it is, in case the member comes back. */
export function OwnPage({ children }: { children: ReactNode }) {
  const state = useSyncExternalStore(pageViewer.subscribe, pageViewer.current)
  return (
    <>
      <div className={styles.page} hidden={state.type !== 'own'}>
        {children}
      </div>
      {state.type !== 'own' && state.type !== 'asking' && <Notice state={state} />}
    </>
  )
}

type Changed = Exclude<PageState, { type: 'own' | 'asking' }>

/** Says who is signed in now. It is modal because a dialog of the page, which is still open, would keep the focus. */
function Notice({ state }: { state: Changed }) {
  const text = useText()
  const { title, heading, help, action, target } = contentOf(state, text)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.title
    const opener = document.activeElement
    dialog.current?.showModal()
    return () => {
      document.title = before
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  useEffect(() => {
    document.title = `${title} · CatFoster`
  }, [title])
  return (
    <dialog
      ref={dialog}
      className={styles.notice}
      data-code="VIEWER_CHANGED"
      aria-labelledby="viewer-changed"
      onCancel={(event) => event.preventDefault()}
      onClose={() => dialog.current?.showModal()}
    >
      <div role="alert" className={styles.content}>
        <h1 id="viewer-changed">{heading ?? title}</h1>
        <p>{help}</p>
      </div>
      <Button kind="primary" onClick={() => location.assign(target)}>
        {action}
      </Button>
    </dialog>
  )
}

interface Content {
  title: string
  heading?: ReactNode
  help: ReactNode
  action: ReactNode
  target: string
}

function contentOf(state: Changed, text: ReturnType<typeof useText>): Content {
  const parameters = new URLSearchParams(location.search)
  const here = location.pathname === '/login' ? (parameters.get('return_to') ?? '/') : location.pathname + location.search
  if (state.type === 'signed-out') {
    return { ...text.failure.UNAUTHENTICATED, action: text.account.logIn, target: loginPath(here) }
  }
  if (state.type === 'second-factor') {
    return { ...text.failure.SECOND_FACTOR_REQUIRED, action: text.account.continue, target: `${loginPath(here)}&aal=aal2` }
  }
  const { now, member } = state
  return {
    title: now ? text.viewer.changed(now.name) : text.failure.VIEWER_CHANGED.title,
    heading: now && <Named text={text.viewer.changed} name={now.name} />,
    help: member ? <Named text={text.viewer.help} name={member.name} /> : text.viewer.helpVisitor,
    action: now ? <Named text={text.viewer.goOnAs} name={now.name} /> : text.account.continue,
    // Without the flow of the other member.
    target: withReturn(location.pathname, parameters.get('return_to') ?? undefined),
  }
}
