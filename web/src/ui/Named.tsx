import { Fragment } from 'react'

/** Stands for the name, so that it is found in the text: no name has this character. */
const MARK = '\uFFFC'

/**
 * A text with a name or an address in it. It may be of a script that is written from right to left, and must not change the order
 * of what is around it: not of a date either. Names that stand alone in a line of other things are in <bdi> too.
 */
export function Named({ text, name }: { text: (name: string) => string; name: string }) {
  return text(MARK)
    .split(MARK)
    .map((part, n) => (
      <Fragment key={n}>
        {n > 0 && <bdi>{name}</bdi>}
        {part}
      </Fragment>
    ))
}
