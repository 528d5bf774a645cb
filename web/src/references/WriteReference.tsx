import { useState } from 'react'
import { useMutation } from 'urql'
import { failureOf } from '../api/failure'
import { graphql } from '../api/graphql'
import * as limits from '../api/limits'
import { useText } from '../text/language'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Form, SelectField, TextArea } from '../ui/Form'
import { textOf } from '../ui/input'
import { Named } from '../ui/Named'
import { useNotice } from '../ui/notice'
import { ReferenceFragment } from './ReferenceFragment'
import styles from './References.module.css'
import { useReferenceText } from './useReferenceText'

export const WriteReferenceMutation = graphql(
  `
    mutation WriteReference($input: WriteReferenceInput!) {
      writeReference(input: $input) {
        id
        ...Reference
        fostering {
          id
          viewerCanRefer
          references {
            id
            ...Reference
          }
        }
      }
    }
  `,
  [ReferenceFragment],
)

interface WriteReferenceProps {
  id: string
  other: string
  onReload: () => void
}

/** The button and the form for a reference. */
export function WriteReference(props: WriteReferenceProps) {
  const text = useReferenceText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {text.write}
      </Button>
      {open && (
        <Dialog title={<Named text={text.writeAbout} name={props.other} />} onClose={() => setOpen(false)}>
          <ReferenceForm {...props} onClose={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  )
}

/** Its fields have the names of the API's input. Nothing can be changed afterwards, and sending it twice writes one reference. */
function ReferenceForm({ id, other, onReload, onClose }: WriteReferenceProps & { onClose: () => void }) {
  const { send: submit } = useText().conversation
  const text = useReferenceText()
  const notify = useNotice()
  const [tookPlace, setTookPlace] = useState(true)
  const [, write] = useMutation(WriteReferenceMutation)

  async function send(form: FormData) {
    const opinion = tookPlace ? { recommends: textOf(form, 'recommends') === 'yes', text: textOf(form, 'text') } : {}
    const rest = { privateNote: textOf(form, 'privateNote') || null, idempotencyKey: textOf(form, 'idempotencyKey') }
    const { error } = await write({ input: { fosteringId: id, tookPlace, ...opinion, ...rest } })
    if (error) {
      const failure = failureOf(error)
      if (failure.code === 'CONFLICT') onReload()
      return failure
    }
    notify(tookPlace ? <Named text={text.written} name={other} /> : text.noted)
    onClose()
  }

  return (
    <Form draft={`reference-${id}`} once submit={submit} onCancel={onClose} onReload={onReload} onSubmit={send}>
      <SelectField
        label={text.tookPlace} name="tookPlace" defaultValue="yes"
        // A draft is restored by input events.
        onInput={({ currentTarget }) => setTookPlace(currentTarget.value === 'yes')}
      >
        <option value="yes">{text.itDid}</option>
        <option value="no">{text.itDidNot}</option>
      </SelectField>
      <Opinion other={other} asked={tookPlace} />
      {!tookPlace && <p>{text.denied}</p>}
      <TextArea label={text.noteLabel} name="privateNote" maxLength={limits.MAX_TEXT} rows={2} optional hint={text.noteHint} />
    </Form>
  )
}

/** What the author thinks of the other side, if the fostering took place. Otherwise it is hidden, and keeps what was typed. */
function Opinion({ other, asked }: { other: string; asked: boolean }) {
  const text = useReferenceText()
  const [length, setLength] = useState(0)
  return (
    <fieldset className={styles.opinion} hidden={!asked} disabled={!asked}>
      <p>
        <Named text={text.blind} name={other} />
      </p>
      <SelectField label={text.recommendsLabel} name="recommends" required defaultValue="">
        <option value="" disabled>
          {text.choose}
        </option>
        <option value="yes">{text.yes}</option>
        <option value="no">{text.no}</option>
      </SelectField>
      <TextArea
        label={text.text} name="text" required minLength={limits.MIN_REFERENCE} maxLength={limits.MAX_TEXT}
        hint={text.count(length, limits.MIN_REFERENCE, limits.MAX_TEXT)}
        onInput={({ currentTarget }) => setLength(currentTarget.value.trim().length)}
      />
    </fieldset>
  )
}
