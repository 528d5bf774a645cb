import type {
  ContinueWith, LoginFlow, RecoveryFlow, RegistrationFlow, SettingsFlow, UiNode, UiNodeInputAttributes, UiText, VerificationFlow,
} from '@ory/client-fetch'

/** What Kratos's self-service flows have in common, and what the pages decide by it. */
export type Kind = 'login' | 'registration' | 'verification' | 'recovery' | 'settings'

export type Flow = LoginFlow | RegistrationFlow | VerificationFlow | RecoveryFlow | SettingsFlow

/** What to do after an answer of Kratos. */
export type Step =
  /** Show the flow: with messages, or in its next state. */
  | { type: 'show'; flow: Flow }
  /** The flow is done. */
  | { type: 'done' }
  /** Go on with another flow. */
  | { type: 'continue'; kind: Kind; id: string }
  /** Send the browser to a URL of Kratos or of these pages. */
  | { type: 'redirect'; url: string }
  /** The flow is over, or was never ours: begin a new one. Kratos may have made the next one, which says why. */
  | { type: 'restart'; next?: string }
  /** There is a session already, or none where one is needed. */
  | { type: 'signed-in' }
  | { type: 'signed-out' }
  /** An operator has switched the account off. */
  | { type: 'deactivated' }
  /** The browser does not send Kratos's cookie back. */
  | { type: 'no-cookies' }
  | { type: 'failed'; status: number }

interface Answer {
  id?: string
  ui?: unknown
  continue_with?: ContinueWith[]
  redirect_browser_to?: string
  use_flow_id?: string
  error?: { id?: string; details?: { continue_with?: ContinueWith[] } }
}

/** Decides what follows from an answer; submitted says that it answers a form. */
export function stepOf(status: number, answer: Answer, submitted: boolean): Step {
  const id = answer.error?.id
  if (id === 'session_already_available') return { type: 'signed-in' }
  if (answer.redirect_browser_to) return { type: 'redirect', url: answer.redirect_browser_to }
  // The only 401 without an id answers a form whose password or code is right.
  if (status === 401 && submitted && !id) return { type: 'deactivated' }
  if (status === 401 || id === 'session_inactive') return { type: 'signed-out' }
  const next = answer.use_flow_id ?? replacementIn(answer.error?.details?.continue_with)
  // A flow that has expired or was deleted, one of another browser, one whose cookie is gone, and one that is spent.
  if (next) return { type: 'restart', next }
  if (status === 410 || status === 404 || status === 403) return { type: 'restart' }
  if (status === 200) {
    const next = submitted ? nextOf(answer) : undefined
    if (next) return next
    if (answer.ui) return { type: 'show', flow: answer as Flow }
    return { type: 'done' }
  }
  // 429 has the form too if it is for an account or address that must wait.
  if ((status === 400 || status === 429) && answer.ui) return refused(answer as Flow)
  return { type: 'failed', status }
}

/** Decides what follows when a form is sent back with messages. */
function refused(flow: Flow): Step {
  if (isStale(flow)) return { type: 'restart' }
  // Somebody has logged in in another window meanwhile.
  if (flow.ui.messages?.some(({ id, text }) => id === 4000001 && text.startsWith('A valid session was detected'))) return { type: 'signed-in' }
  return { type: 'show', flow }
}

const flows: Partial<Record<ContinueWith['action'], Kind>> = {
  show_verification_ui: 'verification',
  show_recovery_ui: 'recovery',
  show_settings_ui: 'settings',
}

/**
 * Prefers another flow to a mere redirection, which Kratos lists first. Where there is nowhere else to go, as after
 * a change of the settings, Kratos redirects to the page of the same flow: that is shown already.
 */
function nextOf({ id, continue_with: steps = [] }: Answer): Step | undefined {
  for (const step of steps) {
    const kind = flows[step.action]
    if (kind && 'flow' in step) return { type: 'continue', kind, id: step.flow.id }
  }
  const redirect = steps.find((step) => step.action === 'redirect_browser_to' && !step.redirect_browser_to.endsWith(`?flow=${id}`))
  return redirect && 'redirect_browser_to' in redirect ? { type: 'redirect', url: redirect.redirect_browser_to } : undefined
}

/** Returns the recovery that takes the place of one with too many wrong codes. */
function replacementIn(steps: ContinueWith[] = []): string | undefined {
  const step = steps.find(({ action }) => action === 'show_recovery_ui')
  return step && 'flow' in step ? step.flow.id : undefined
}

/** The fields of a form in the order in which people expect them, and then the buttons. */
const FIELD_ORDER = ['traits.name', 'traits.email', 'identifier', 'password', 'totp_qr', 'totp_secret_key', 'totp_code', 'code']

export function nameOf(node: UiNode): string {
  const { attributes } = node
  return attributes.node_type === 'input' ? attributes.name : attributes.id
}

/** Tells nodes apart: buttons, such as those of several providers, may have the same name. */
export function keyOf(node: UiNode): string {
  return isButton(node) ? `${nameOf(node)}=${String((node.attributes as UiNodeInputAttributes).value)}` : nameOf(node)
}

export const isButton = (node: UiNode): boolean =>
  node.attributes.node_type === 'input' && (node.attributes.type === 'submit' || node.attributes.type === 'button')

/** Reports whether visitors fill a node in; messages about it are shown beside it. */
export const isField = (node: UiNode): boolean =>
  node.attributes.node_type === 'input' && node.attributes.type !== 'hidden' && !isButton(node)

function rankOf(node: UiNode): number {
  if (isButton(node)) return 200
  const place = FIELD_ORDER.indexOf(nameOf(node))
  return place < 0 ? 100 : place
}

/** Nodes that are submitted together. */
export interface NodeGroup {
  name: string
  nodes: UiNode[]
}

/** Returns one form per group. The nodes of the group "default" belong to each of them. */
export function groupsOf(nodes: UiNode[]): NodeGroup[] {
  const groups = [...new Set(nodes.map((node) => node.group as string))]
  const names = groups.length === 1 ? groups : groups.filter((group) => group !== 'default')
  return names.map((name) => ({
    name,
    nodes: nodes
      .filter((node) => node.group === name || node.group === 'default')
      .sort((a, b) => rankOf(a) - rankOf(b)),
  }))
}

const messageIds = (flow: Flow): number[] => (flow.ui.messages ?? []).map((message: UiText) => message.id)

/** Reports whether a sign-up was refused because there is an account with the address. */
export const isTaken = (flow: Flow): boolean => messageIds(flow).some((id) => id === 4000007 || id === 4000028)

/** Reports whether a form was opened before a recovery of the account, so that it is never accepted: see docs/identity.md. */
const isStale = (flow: Flow): boolean => messageIds(flow).includes(9000005)

/** Reports whether the settings follow a recovery: then a new password comes before anything else. */
export const followsRecovery = (flow: Flow): boolean => messageIds(flow).includes(1060001)

export const isSaved = (flow: Flow): boolean => 'state' in flow && flow.state === 'success'

/** Reports whether the address is confirmed: by this form, or in another window by the same code. */
export const isVerified = (flow: Flow): boolean => ('state' in flow && flow.state === 'passed_challenge') || messageIds(flow).includes(4070002)

/** Reports whether a message says that the address is not verified yet; it is one of ours, see docs/identity.md. */
export const needsVerification = (flow: Flow): boolean =>
  flow.ui.nodes.some((node) => node.messages.some((message) => message.id === 9000003))

const hasNode = (flow: Flow, name: string) => flow.ui.nodes.some((node) => nameOf(node) === name)

/** Reports whether the visitor has an authenticator app; Kratos then offers to unlink it. */
export const hasAuthenticator = (flow: Flow): boolean => hasNode(flow, 'totp_unlink')

/** Reports whether there are recovery codes; Kratos then offers to disable them. */
export const hasRecoveryCodes = (flow: Flow): boolean => hasNode(flow, 'lookup_secret_disable')

/** Adds the button for new recovery codes, which Kratos accepts at any time, but shows only beside the codes. */
export function withNewCodes(group: NodeGroup): NodeGroup {
  const name = 'lookup_secret_regenerate'
  if (group.nodes.some((node) => nameOf(node) === name)) return group
  const button: UiNode = {
    type: 'input',
    group: 'lookup_secret',
    attributes: { node_type: 'input', name, type: 'submit', value: 'true', disabled: false },
    messages: [],
    meta: { label: { id: 1050008, type: 'info', text: 'Generate new backup recovery codes' } },
  }
  const first = group.nodes.findIndex(isButton) + 1
  return { ...group, nodes: [...group.nodes.slice(0, first), button, ...group.nodes.slice(first)] }
}

export const waitsForCode = (flow: Flow): boolean => hasNode(flow, 'code')

/** The fields in which the address of the account may stand. */
const ADDRESSES = ['email', 'identifier', 'traits.email']

/** Returns the address that the flow is about, if it names it. */
export function addressOf(flow: Flow): string | undefined {
  const named = flow.ui.nodes.find((node) => ADDRESSES.includes(nameOf(node)) && valueOf(node))
  return named && valueOf(named)
}

const valueOf = ({ attributes }: UiNode): string | undefined =>
  attributes.node_type === 'input' && typeof attributes.value === 'string' && attributes.value ? attributes.value : undefined

/**
 * Returns the flow with the address in its empty fields. A flow that waits for a code gets the button for another one, which
 * Kratos leaves out after a sign-up.
 */
export function withAddress(flow: Flow, address: string | undefined): Flow {
  if (!address) return flow
  const nodes = flow.ui.nodes.map((node) =>
    isField(node) && ADDRESSES.includes(nameOf(node)) && !valueOf(node) ? ({ ...node, attributes: { ...node.attributes, value: address } } as UiNode) : node,
  )
  if (hasNode(flow, 'code') && !hasNode(flow, 'email')) nodes.push(anotherCode(address))
  return { ...flow, ui: { ...flow.ui, nodes } }
}

const anotherCode = (address: string): UiNode => ({
  type: 'input',
  group: 'code',
  attributes: { node_type: 'input', name: 'email', type: 'submit', value: address, disabled: false },
  messages: [],
  meta: { label: { id: 1070008, type: 'info', text: 'Mail me another code' } },
})

/** Returns what kind of flow it is, from where its forms are sent. */
export const kindOf = (flow: Flow): string => /\/self-service\/(\w+)/.exec(flow.ui.action)?.[1] ?? ''
