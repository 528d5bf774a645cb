import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { FlowForm, FlowMessages } from '../kratos/FlowForm'
import { groupsOf, waitsForCode } from '../kratos/flow'
import type { FlowState, Handover } from '../kratos/useFlow'
import { useText } from '../text/language'
import { Alert } from '../ui/Alert'
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
      {state.flow && waitsForCode(state.flow) && <Addressee state={state} />}
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
        <Alert className={styles.notice}>{text.account.restarted}</Alert>
      )}
      <FlowMessages messages={busy ? [] : flow.ui.messages} />
    </>
  )
}

/** Names the address to which a code goes, and leads back to where it was entered. */
function Addressee({ state: { address, wrongAddress } }: { state: FlowState }) {
  const text = useText().account
  if (!address) return null
  return (
    <p>
      {text.codeTo} <bdi className={styles.address}>{address}</bdi>. <WrongAddress address={address} to={wrongAddress} />
    </p>
  )
}

export function WrongAddress({ address, to }: { address?: string; to: string }) {
  const text = useText().account
  return (
    <Link to={to} state={{ address } satisfies Handover}>
      {text.wrongAddress}
    </Link>
  )
}

function FlowForms({ state: { flow, busy, submit } }: { state: FlowState }) {
  if (!flow) return null
  return groupsOf(flow.ui.nodes).map((group) => <FlowForm key={group.name} {...{ flow, group, busy, submit }} />)
}
