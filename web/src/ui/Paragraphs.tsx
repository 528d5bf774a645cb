/** A text that somebody wrote in several lines. */
export function Paragraphs({ text }: { text: string }) {
  return text.split(/\n\s*\n/).map((paragraph, n) => (
    <p key={n} style={{ whiteSpace: 'pre-line' }}>
      {paragraph}
    </p>
  ))
}
