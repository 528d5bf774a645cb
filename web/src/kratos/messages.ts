import type { UiText } from '@ory/client-fetch'
import type { Text } from '../text/en'

/** Returns a message of Kratos in the visitor's language, or as Kratos writes it if a newer version has more of them. */
export function messageOf(message: UiText, text: Text): string {
  const own = text.kratos[message.id]
  if (own === undefined) return message.text
  return typeof own === 'string' ? own : own((message.context ?? {}) as Record<string, unknown>)
}
