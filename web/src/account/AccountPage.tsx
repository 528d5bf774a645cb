import type { ReactNode } from 'react'
import { FlowForm, FlowMessages } from '../kratos/FlowForm'
import { groupsOf } from '../kratos/flow'
import type { FlowState } from '../kratos/useFlow'
import { useText } from '../text/language'
import { FailurePanel } from '../ui/FailurePanel'
import { PageTitle } from '../ui/PageTitle'
import { SkeletonLines } from '../ui/Skeleton'
import styles from './AccountPage.module.css'

interface AccountPageProps {
  title: string
  intro?: ReactNode
  state: FlowState
  /** What is shown instead of the flow's forms. */
  children?: ReactNode
  /** Links to other account pages. */
  links?: ReactNode
}

/** A page around a flow: its messages, its forms, and what may help. */
export function AccountPage({ title, intro, state, children, links }: AccountPageProps) {
  return (
    <div className={styles.card}>
      <header className={styles.header}>
        <PageTitle title={title} />
        {intro && <p>{intro}</p>}
      </header>
      <FlowStatus state={state} />
      {children ?? <FlowForms state={state} />}
      {links && <footer className={styles.links}>{links}</footer>}
    </div>
  )
}

/** What there is to say about the flow as a whole, or a placeholder until it is loaded. */
export function FlowStatus({ state: { flow, failure, restarted, busy, retry } }: { state: FlowState }) {
  const text = useText()
  if (failure) return <FailurePanel failure={failure} onRetry={retry} />
  if (!flow) return <SkeletonLines lines={4} />
  return (
    <>
      {restarted && (
        <p role="alert" className={styles.notice}>
          {text.account.restarted}
        </p>
      )}
      <FlowMessages messages={busy ? [] : flow.ui.messages} />
    </>
  )
}

function FlowForms({ state: { flow, busy, submit } }: { state: FlowState }) {
  if (!flow) return null
  return groupsOf(flow.ui.nodes).map((group) => <FlowForm key={group.name} {...{ flow, group, busy, submit }} />)
}
