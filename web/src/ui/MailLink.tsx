/** Returns the URL of a mail to an address, in which a question mark would begin other fields of the mail. */
export function mailTo(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? `mailto:${encodeURIComponent(address)}` : `mailto:${encodeURIComponent(address.slice(0, at))}@${encodeURIComponent(address.slice(at + 1))}`
}

/** An address, which opens a new mail. */
export function MailLink({ address }: { address: string }) {
  return (
    <a href={mailTo(address)}>
      <bdi>{address}</bdi>
    </a>
  )
}
