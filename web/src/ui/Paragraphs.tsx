import styles from './Paragraphs.module.css'

/** A text that somebody wrote in several lines. */
export function Paragraphs({ text }: { text: string }) {
  return (
    <div className={styles.text}>
      {text.split(/\n\s*\n/).map((paragraph, n) => (
        <p key={n}>{paragraph}</p>
      ))}
    </div>
  )
}
