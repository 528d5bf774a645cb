// The mails that Kratos has sent, from the page of the mail catcher.
import { mailURL } from './server.ts'
import { until } from './until.ts'

/** Waits for a mail to the address whose subject contains a text, and returns the code in the newest one. */
export async function codeFrom(email: string, subject: string, after = ''): Promise<string> {
  let code = ''
  await until(`a mail to ${email} about ${subject} arrives`, async () => {
    const page = await (await fetch(mailURL)).text()
    for (const [mail] of page.matchAll(/<article>.*?<\/article>/gs)) {
      if (!mail.includes(`to ${email},`) || !mail.includes(subject)) continue
      const text = /<pre>(.*?)<\/pre>/s.exec(mail)?.[1] ?? ''
      code = /\b(\d{6})\b/.exec(text)?.[1] ?? ''
      return code !== '' && code !== after // The newest comes first.
    }
    return false
  })
  return code
}
