import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, type VariablesOf } from '../api/graphql'
import * as limits from '../api/limits'
import { Dialog } from '../ui/Dialog'
import { Form, SelectField, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { useNotice } from '../ui/notice'
import { useModerationText } from './text'

export const ReportContentMutation = graphql(`
  mutation ReportContent($input: ReportContentInput!) {
    reportContent(input: $input) {
      id
    }
  }
`)

type Reason = VariablesOf<typeof ReportContentMutation>['input']['reason']

const REASONS = ['SPAM', 'FRAUD', 'ANIMAL_WELFARE', 'HARASSMENT', 'OTHER'] as const satisfies readonly Reason[]

/** Asks what is wrong, and tells the moderators. */
export function ReportDialog({ subjectId, onClose }: { subjectId: string; onClose: () => void }) {
  const text = useModerationText().queue
  const notify = useNotice()
  const [, report] = useMutation(ReportContentMutation)
  return (
    <Dialog title={text.reportQuestion} onClose={onClose}>
      <Form
        draft={`report-${subjectId}`}
        submit={text.sendReport}
        onCancel={onClose}
        onSubmit={async (form) => {
          const { error } = await report({ input: { subjectId, reason: textOf(form, 'reason') as Reason, text: textOf(form, 'text') || null } })
          if (error) return failureOf(error)
          notify(text.reported)
          onClose()
        }}
      >
        <p>{text.reportHelp}</p>
        <SelectField label={text.reason} name="reason" required>
          {REASONS.map((reason) => (
            <option key={reason} value={reason}>
              {text.reasons[reason]}
            </option>
          ))}
        </SelectField>
        <TextArea label={text.whatIsWrong} name="text" maxLength={limits.MAX_TEXT} optional />
      </Form>
    </Dialog>
  )
}
