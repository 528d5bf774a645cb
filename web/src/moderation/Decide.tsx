import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql, type VariablesOf } from '../api/graphql'
import * as limits from '../api/limits'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Form, TextArea, TextField } from '../ui/Form'
import { textOf } from '../ui/input'
import { useNotice } from '../ui/notice'
import styles from './Queue.module.css'
import { useModerationText } from './text'

export const ResolveReportMutation = graphql(`
  mutation ResolveReport($input: ResolveReportInput!) {
    resolveReport(input: $input) {
      id
      resolvedAt
      decision
    }
  }
`)

type Decision = VariablesOf<typeof ResolveReportMutation>['input']['decision']

const DECISIONS = ['DISMISS', 'WARN', 'REMOVE', 'SUSPEND'] as const satisfies readonly Decision[]

/** The decisions about a report, each with a dialog that asks why. */
export function Decide({ reportId, isMember, onDone }: { reportId: string; isMember: boolean; onDone: () => void }) {
  const text = useModerationText().queue
  const [decision, setDecision] = useState<Decision>()
  return (
    <div className={styles.decisions}>
      {DECISIONS.filter((offered) => !isMember || offered !== 'REMOVE').map((offered) => (
        <Button key={offered} small onClick={() => setDecision(offered)}>
          {text.decisions[offered]}
        </Button>
      ))}
      {decision && <DecideDialog id={reportId} decision={decision} onClose={() => setDecision(undefined)} onDone={onDone} />}
    </div>
  )
}

function DecideDialog({ id, decision, onClose, onDone }: { id: string; decision: Decision; onClose: () => void; onDone: () => void }) {
  const text = useModerationText().queue
  const notify = useNotice()
  const [, resolve] = useMutation(ResolveReportMutation)
  return (
    <Dialog title={text.decisions[decision]} onClose={onClose}>
      <Form
        draft={`decide-${decision}-${id}`}
        submit={text.decide}
        danger={decision === 'REMOVE' || decision === 'SUSPEND'}
        onCancel={onClose}
        onReload={onDone}
        onSubmit={async (form) => {
          const days = Number(textOf(form, 'days'))
          const until = days > 0 ? new Date(Date.now() + days * 86_400_000).toISOString() : null
          const { error } = await resolve({
            input: { id, decision, reason: textOf(form, 'reason') || null, ...(decision === 'SUSPEND' && { until }) },
          })
          if (error) return failureOf(error)
          notify(text.decided)
          onClose()
          onDone()
        }}
      >
        <p>{text.consequences[decision]}</p>
        <TextArea
          label={text.why} name="reason" maxLength={limits.MAX_TEXT} hint={text.whoReads[decision]}
          {...(decision === 'DISMISS' ? { optional: true } : { required: true })}
        />
        {decision === 'SUSPEND' && <TextField label={text.days} hint={text.daysHint} name="days" type="number" min={1} max={3650} optional />}
      </Form>
    </Dialog>
  )
}
