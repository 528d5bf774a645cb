import { useMutation } from 'urql'
import { Section } from '../account/Section'
import { failureOf } from '../api/failure'
import { graphql, type ResultOf } from '../api/graphql'
import { useData } from '../api/useData'
import { useText } from '../text/language'
import { Checkbox, Form, SelectField } from '../ui/Form'
import { useNotice } from '../ui/notice'

export const MailSettingsQuery = graphql(`
  query MailSettings {
    me {
      id
      notificationSettings {
        mail
        mutedKinds
        language
        addressRefused
      }
    }
  }
`)

export const UpdateNotificationSettingsMutation = graphql(`
  mutation UpdateNotificationSettings($input: UpdateNotificationSettingsInput!) {
    updateNotificationSettings(input: $input) {
      id
      notificationSettings {
        mail
        mutedKinds
        language
        addressRefused
      }
    }
  }
`)

type Settings = NonNullable<ResultOf<typeof MailSettingsQuery>['me']['notificationSettings']>

/** Of what the viewer gets mails. */
export function MailSettings() {
  const text = useText().mailSettings
  const { data } = useData(MailSettingsQuery, {}, 'network-only')
  const settings = data?.me.notificationSettings
  if (!settings) return null
  return (
    <Section title={text.title} intro={text.intro}>
      {settings.addressRefused && <p role="status">{text.addressRefused}</p>}
      <SettingsForm settings={settings} />
    </Section>
  )
}

function SettingsForm({ settings }: { settings: Settings }) {
  const text = useText()
  const notify = useNotice()
  const [, update] = useMutation(UpdateNotificationSettingsMutation)
  const kinds = Object.keys(text.mailSettings.kinds) as (keyof typeof text.mailSettings.kinds)[]
  return (
    <Form
      submit={text.ui.save}
      onSubmit={async (form) => {
        const language = form.get('language')
        const { error } = await update({
          input: {
            mail: form.has('mail'),
            mutedKinds: kinds.filter((kind) => !form.has(kind)),
            language: language === 'EN' || language === 'DE' ? language : null,
          },
        })
        if (error) return failureOf(error)
        notify(text.ui.saved)
      }}
    >
      <Checkbox label={text.mailSettings.mail} name="mail" defaultChecked={settings.mail} />
      <SelectField label={text.mailSettings.language} name="language" defaultValue={settings.language ?? ''}>
        {!settings.language && <option value="">{text.mailSettings.signUp}</option>}
        <option value="EN" lang="en">English</option>
        <option value="DE" lang="de">Deutsch</option>
      </SelectField>
      <fieldset>
        <legend>{text.mailSettings.which}</legend>
        {kinds.map((kind) => (
          <Checkbox key={kind} label={text.mailSettings.kinds[kind]} name={kind} defaultChecked={!settings.mutedKinds.includes(kind)} />
        ))}
      </fieldset>
    </Form>
  )
}
