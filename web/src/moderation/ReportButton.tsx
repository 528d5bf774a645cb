import { useState } from 'react'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { part } from '../ui/part'

const ReportDialog = part(() => import('./ReportDialog').then((pages) => pages.ReportDialog), { skeleton: null })

/** Opens the dialog in which the viewer reports something of somebody else to the moderators. */
export function ReportButton({ subjectId }: { subjectId: string }) {
  const text = useText().ui
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {text.report}
      </Button>
      {open && <ReportDialog subjectId={subjectId} onClose={() => setOpen(false)} />}
    </>
  )
}
