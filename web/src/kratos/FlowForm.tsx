import type { UiNode, UiNodeInputAttributes, UiText } from '@ory/client-fetch'
import { useEffect, useRef, type FormEvent } from 'react'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { isButton, isField, keyOf, nameOf, type Flow, type NodeGroup } from './flow'
import { messageOf } from './messages'
import { NodeView } from './NodeView'
import { valuesOf } from './values'
import styles from './FlowForm.module.css'

interface FlowFormProps {
  flow: Flow
  group: NodeGroup
  busy: boolean
  submit: (values: Record<string, unknown>) => Promise<void>
}

/**
 * A form of a flow. Its first button submits it; others, such as that for another code, skip the checks of the fields.
 * Scripts of Kratos, such as that for security keys, send the form by its action.
 */
export function FlowForm({ flow, group, busy, submit }: FlowFormProps) {
  const text = useText()
  const form = useRef<HTMLFormElement>(null)
  const fields = group.nodes.filter((node) => !isButton(node))
  const buttons = group.nodes.filter(isButton)
  const isEmpty = fields.every((node) => node.attributes.node_type === 'input' && node.attributes.type === 'hidden')
  const unplaced = group.nodes.filter((node) => !isField(node)).flatMap((node) => node.messages)
  const primary = buttons.find((node) => attributesOf(node).type === 'submit')

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [flow])

  function send(button: UiNodeInputAttributes | undefined) {
    const values = valuesOf(form.current!)
    return submit(button ? { ...values, [button.name]: button.value as unknown } : values)
  }

  function press(button: UiNodeInputAttributes) {
    const trigger = button.onclickTrigger && (window as unknown as Record<string, unknown>)[button.onclickTrigger]
    if (typeof trigger === 'function') (trigger as () => void)()
    else void send(button)
  }

  function labelOf(node: UiNode): string {
    const own = text.account.buttons[`${group.name}.${nameOf(node)}`]
    return own ?? (node.meta.label ? messageOf(node.meta.label, text) : nameOf(node))
  }

  return (
    <form
      ref={form}
      className={styles.form}
      action={flow.ui.action}
      method={flow.ui.method}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void send(primary && attributesOf(primary))
      }}
    >
      {unplaced.length > 0 && <FlowMessages messages={unplaced} />}
      {fields.map((node) => (
        <NodeView key={keyOf(node)} node={node} />
      ))}
      {buttons.length > 0 && (
        <div className={styles.buttons}>
          {buttons.map((node) => {
            const attributes = attributesOf(node)
            const { name, value, disabled } = attributes
            const shared = { name, value: String(value ?? ''), disabled, busy, children: labelOf(node) }
            return node === primary ? (
              <Button key={keyOf(node)} {...shared} type="submit" kind={isEmpty ? 'secondary' : 'primary'} />
            ) : (
              <Button key={keyOf(node)} {...shared} kind="quiet" onClick={() => press(attributes)} />
            )
          })}
        </div>
      )}
    </form>
  )
}

const attributesOf = (node: UiNode) => node.attributes as UiNodeInputAttributes

/** Messages that belong to no field. The region is there before them, because screen readers read out what is added to it. */
export function FlowMessages({ messages = [] }: { messages?: UiText[] }) {
  const text = useText()
  return (
    <div role="status" className={styles.messages}>
      {messages.map((message, n) => (
        <p key={n} role={message.type === 'error' ? 'alert' : undefined} data-type={message.type}>
          {messageOf(message, text)}
        </p>
      ))}
    </div>
  )
}
