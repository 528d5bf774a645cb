import type { UiNode, UiNodeInputAttributes, UiText } from '@ory/client-fetch'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useText } from '../text/language'
import { Alert, focusProblem } from '../ui/Alert'
import { Button } from '../ui/Button'
import { addressOf, isButton, isField, keyOf, nameOf, waitsForCode, type Flow, type NodeGroup } from './flow'
import { useMessage } from './messages'
import { NodeView } from './NodeView'
import { ResendButton } from './ResendButton'
import { valuesOf } from './values'
import styles from './FlowForm.module.css'

export interface FlowFormProps {
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
  const messageOf = useMessage()
  const form = useRef<HTMLFormElement>(null)
  const [typed, setTyped] = useState<{ flow: string; address: string }>()
  const address = (typed?.flow === flow.id ? typed.address : addressOf(flow)) ?? ''
  const fields = group.nodes.filter((node) => !isButton(node))
  const buttons = group.nodes.filter(isButton)
  const isEmpty = fields.every((node) => node.attributes.node_type === 'input' && node.attributes.type === 'hidden')
  const unplaced = group.nodes.filter((node) => !isField(node)).flatMap((node) => node.messages)
  const primary = buttons.find((node) => attributesOf(node).type === 'submit')

  useEffect(() => focusProblem(form.current), [flow])

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
    if (group.name === 'code' && node === primary && !waitsForCode(flow)) return text.account.sendCode
    const own = text.account.buttons[`${group.name}.${nameOf(node)}`]
    return own ?? (node.meta.label ? messageOf(node.meta.label) : nameOf(node))
  }

  return (
    <form
      ref={form}
      className={styles.form}
      action={flow.ui.action}
      method={flow.ui.method}
      onInput={({ target }) => target instanceof HTMLInputElement && target.name === 'email' && setTyped({ flow: flow.id, address: target.value })}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void send(primary && attributesOf(primary))
      }}
    >
      {unplaced.length > 0 && <FlowMessages messages={busy ? [] : unplaced} />}
      {group.nodes.some(isPassword) && !fields.some(isUsername) && <Username address={addressOf(flow)} />}
      {fields.map((node) => (
        <NodeView key={keyOf(node)} node={node} />
      ))}
      {buttons.length > 0 && (
        <div className={styles.buttons}>
          {buttons.map((node) => {
            const attributes = attributesOf(node)
            const { name, value, disabled } = attributes
            const shared = { name, value: String(value ?? ''), disabled, busy, children: labelOf(node) }
            return node === primary && group.name === 'code' && !waitsForCode(flow) ? (
              <ResendButton key={keyOf(node)} {...shared} flow={flow} address={address} type="submit" kind="primary" />
            ) : node === primary ? (
              <Button key={keyOf(node)} {...shared} type="submit" kind={isEmpty ? 'secondary' : 'primary'} />
            ) : isResend(group, node) ? (
              <ResendButton key={keyOf(node)} {...shared} flow={flow} address={address} kind="quiet" onClick={() => press(attributes)} />
            ) : (
              <Button key={keyOf(node)} {...shared} kind="quiet" onClick={() => press(attributes)} />
            )
          })}
        </div>
      )}
    </form>
  )
}

const isResend = (group: NodeGroup, node: UiNode) => group.name === 'code' && nameOf(node) === 'email'

const attributesOf = (node: UiNode) => node.attributes as UiNodeInputAttributes

const isPassword = (node: UiNode) => isField(node) && nameOf(node) === 'password'

const isUsername = (node: UiNode) => isField(node) && ['identifier', 'traits.email'].includes(nameOf(node))

/** Says whose password is asked for: to people, and to password managers. It is not sent. */
function Username({ address }: { address: string | undefined }) {
  const text = useText()
  if (!address) return null
  return (
    <div className={styles.username}>
      <span>{text.account.fields.identifier}</span>
      <bdi>{address}</bdi>
      <input className="visually-hidden" type="text" autoComplete="username" value={address} readOnly tabIndex={-1} aria-hidden />
    </div>
  )
}

/** Messages that belong to no field. The region is there before them, because screen readers read out what is added to it. */
export function FlowMessages({ messages = [] }: { messages?: UiText[] }) {
  const messageOf = useMessage()
  const errors = messages.filter(({ type }) => type === 'error')
  const show = (message: UiText, n: number) => (
    <p key={n} data-type={message.type}>
      {messageOf(message)}
    </p>
  )
  return (
    <div role="status" className={styles.messages}>
      {errors.length > 0 && <Alert className={styles.messages}>{errors.map(show)}</Alert>}
      {messages.filter(({ type }) => type !== 'error').map(show)}
    </div>
  )
}
