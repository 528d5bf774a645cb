import { Component, type ReactNode } from 'react'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'

/** Catches what must not happen: a fault in a page, or a part of the pages that cannot be loaded. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? <Fault /> : this.props.children
  }
}

function Fault() {
  const text = useText()
  const { title, help } = text.failure.INTERNAL_SERVER_ERROR
  return (
    <main>
      <EmptyState title={title} action={<Button onClick={() => location.reload()}>{text.failure.retry}</Button>}>
        {help}
      </EmptyState>
    </main>
  )
}
