import { linksIn } from './links'
import styles from './Paragraphs.module.css'

/** A text that somebody wrote in several lines, each paragraph in the direction of its script. Addresses may be links. */
export function Paragraphs({ text, links }: { text: string; links?: boolean }) {
  return (
    <div className={styles.text}>
      {text.split(/\n\s*\n/).map((paragraph, n) => (
        <p key={n} dir="auto">{links ? <Linked text={paragraph} /> : paragraph}</p>
      ))}
    </div>
  )
}

/** A text of somebody else: its addresses are shown as they are, and get to know nothing of the page. */
function Linked({ text }: { text: string }) {
  return linksIn(text).map(({ text, href }, n) =>
    href ? (
      <a key={n} href={href} target="_blank" rel="noopener noreferrer nofollow">
        <bdi>{text}</bdi>
      </a>
    ) : (
      text
    ),
  )
}
