import { useText } from '../text/language'
import { ButtonLink } from './Button'
import { EmptyState } from './EmptyState'
import { PageTitle } from './PageTitle'

/** There is no such page, cat or person, or not any more. */
export function NotFound() {
  const text = useText()
  return (
    <>
      <PageTitle title={text.failure.NOT_FOUND.title} hidden />
      <EmptyState title={text.failure.NOT_FOUND.title} action={<ButtonLink to="/cats">{text.ui.toCats}</ButtonLink>}>
        {text.failure.NOT_FOUND.help}
      </EmptyState>
    </>
  )
}
