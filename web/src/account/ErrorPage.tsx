import { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import { loadError } from '../kratos/client'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'
import { PageTitle } from '../ui/PageTitle'

/** The page to which Kratos sends the browser when a flow cannot go on. */
export function ErrorPage() {
  const text = useText()
  const [parameters] = useSearchParams()
  const [reason, setReason] = useState<string>()
  const id = parameters.get('id')
  useEffect(() => {
    if (id) void loadError(id).then(setReason)
  }, [id])
  return (
    <>
      <PageTitle title={text.account.error} hidden />
      <EmptyState title={text.account.error} action={<ButtonLink to="/">{text.ui.home}</ButtonLink>}>
        {reason ? <span lang="en">{reason}</span> : text.account.errorHelp}
      </EmptyState>
    </>
  )
}
