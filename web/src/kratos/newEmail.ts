import { createFlow, submitFlow } from './client'
import { nameOf, type Flow, type Step } from './flow'

/** Has a code mailed to an address. */
export async function mailCode(email: string): Promise<Step> {
  const begun = await createFlow('verification', new URLSearchParams())
  if (begun.type !== 'show') return begun
  return submitFlow('verification', begun.flow.id, { csrf_token: valueOf(begun.flow, 'csrf_token'), method: 'code', email })
}

/** Gives a change of address up: sends the form of the profile with the old address alone. */
export async function keepEmail(): Promise<Step> {
  const begun = await createFlow('settings', new URLSearchParams({ return_to: location.href }))
  if (begun.type !== 'show') return begun
  const { flow } = begun
  const traits = { email: valueOf(flow, 'traits.email'), name: valueOf(flow, 'traits.name') }
  return submitFlow('settings', flow.id, { csrf_token: valueOf(flow, 'csrf_token'), method: 'profile', traits })
}

function valueOf(flow: Flow, name: string): unknown {
  const attributes = flow.ui.nodes.find((node) => nameOf(node) === name)?.attributes
  return attributes?.node_type === 'input' ? (attributes.value as unknown) : undefined
}
