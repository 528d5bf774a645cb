import type { UiNode, UiNodeInputAttributes, UiNodeScriptAttributes, UiNodeTextAttributes } from '@ory/client-fetch'
import { useEffect, useState } from 'react'
import { useText } from '../text/language'
import { Checkbox, TextField } from '../ui/Form'
import { useMessage } from './messages'
import { isCode } from './typed'
import styles from './FlowForm.module.css'

/** What browsers and password managers should know about fields of which Kratos does not say it. */
const hints: Record<string, { autoComplete: string; inputMode?: 'numeric' | 'email'; autoCapitalize?: 'none'; spellCheck?: false }> = {
  'traits.name': { autoComplete: 'name' },
  'traits.email': { autoComplete: 'email', inputMode: 'email' },
  identifier: { autoComplete: 'username', inputMode: 'email', autoCapitalize: 'none', spellCheck: false },
  email: { autoComplete: 'email', inputMode: 'email' },
  code: { autoComplete: 'one-time-code', inputMode: 'numeric' },
  totp_code: { autoComplete: 'one-time-code', inputMode: 'numeric' },
  lookup_secret: { autoComplete: 'off', autoCapitalize: 'none', spellCheck: false },
}

/** A node of a flow that is not a button, of any type that Kratos knows. */
export function NodeView({ node }: { node: UiNode }) {
  const messageOf = useMessage()
  const { attributes } = node
  const label = node.meta.label ? messageOf(node.meta.label) : undefined
  switch (attributes.node_type) {
    case 'input':
      return <InputNode node={node} attributes={attributes} />
    case 'img':
      return <img className={styles.image} src={attributes.src} alt={label ?? ''} width={attributes.width} height={attributes.height} />
    case 'text':
      return <TextNode attributes={attributes} label={label} />
    case 'a':
      return <a href={attributes.href}>{messageOf(attributes.title)}</a>
    case 'script':
      return <ScriptNode attributes={attributes} />
    case 'div':
      return <div id={attributes.id} {...attributes.data} />
  }
}

function InputNode({ node, attributes }: { node: UiNode; attributes: UiNodeInputAttributes }) {
  const text = useText()
  const messageOf = useMessage()
  const { name, type, required, disabled, pattern, maxlength, value } = attributes
  if (type === 'hidden') return <input type="hidden" name={name} value={String(value ?? '')} readOnly />
  // The address of the field traits.email becomes the new one; the form keeps what there is already.
  if (name === 'traits.new_email') return value ? <input type="hidden" name={name} value={String(value)} readOnly /> : null
  const label = text.account.fields[name] ?? (node.meta.label ? messageOf(node.meta.label) : name)
  const problem = node.messages.map((message) => messageOf(message)).join(' ') || undefined
  if (type === 'checkbox') return <Checkbox {...{ name, label, required, disabled }} defaultChecked={value === true} problem={problem} />
  const field = {
    ...hints[name],
    ...(attributes.autocomplete ? { autoComplete: attributes.autocomplete } : {}),
    ...{ name, label, problem, required, disabled },
    // A limit would cut a pasted code that has a space in it.
    ...(isCode(name) ? {} : { pattern, maxLength: maxlength }),
    hint: text.account.hints[name === 'password' && attributes.autocomplete === 'new-password' ? 'new-password' : name],
    defaultValue: value === undefined || value === null ? undefined : String(value),
  }
  return type === 'password' ? <PasswordField {...field} /> : <TextField {...field} type={type} />
}

function PasswordField(field: Parameters<typeof TextField>[0]) {
  const text = useText()
  const [shown, setShown] = useState(false)
  return (
    <div className={styles.password}>
      <TextField {...field} type={shown ? 'text' : 'password'} spellCheck={false} autoCapitalize="none" />
      <button type="button" onClick={() => setShown(!shown)}>
        {shown ? text.account.hide : text.account.show}
        <span className="visually-hidden"> {text.account.fields.password}</span>
      </button>
    </div>
  )
}

type Secrets = { secrets?: { id: number; text: string; context?: { secret?: string } }[] }

/** A secret to note down, or a list of recovery codes; used codes are struck out. */
function TextNode({ attributes, label }: { attributes: UiNodeTextAttributes; label?: string }) {
  const text = useText()
  const messageOf = useMessage()
  const { secrets } = (attributes.text.context ?? {}) as Secrets
  return (
    <div className={styles.secret}>
      {label && <p>{label}</p>}
      {secrets ? (
        <ul className={styles.codes}>
          {secrets.map(({ id, text: written, context }, n) => (
            <li key={n}>{id === 1050014 ? <s>{text.account.usedCode}</s> : <code>{context?.secret ?? written}</code>}</li>
          ))}
        </ul>
      ) : (
        <code>{messageOf(attributes.text)}</code>
      )}
    </div>
  )
}

/** A script of Kratos's own origin, which is ours, such as that for security keys. */
function ScriptNode({ attributes }: { attributes: UiNodeScriptAttributes }) {
  const { id, src, type, integrity, crossorigin, referrerpolicy } = attributes
  useEffect(() => {
    const script = document.createElement('script')
    for (const [name, value] of Object.entries({ id, src, type, integrity, crossorigin, referrerpolicy })) {
      if (value) script.setAttribute(name, value)
    }
    document.head.append(script)
    return () => script.remove()
  }, [id, src, type, integrity, crossorigin, referrerpolicy])
  return null
}
