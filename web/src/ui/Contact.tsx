import { graphql } from '../api/graphql'
import { useData } from '../api/useData'
import { useText } from '../text/language'
import { MailLink } from './MailLink'

export const ContactQuery = graphql(`
  query Contact {
    community {
      contact
    }
  }
`)

/** Whom to write to. A suspended member learns nothing else from the API, so this is a query of its own. */
export function Contact() {
  const text = useText()
  const { data } = useData(ContactQuery, {})
  return (
    data?.community.contact && (
      <p>
        {text.failure.contact} <MailLink address={data.community.contact} />
      </p>
    )
  )
}
