// How mails look. The mail catcher shows their HTML parts in a sandbox.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { checkAccessibility, useBrowser, Window } from './harness/browser.ts'
import { codeFrom } from './harness/mail.ts'
import { operations } from './harness/operations.ts'
import { day, Person } from './harness/person.ts'
import { mailURL } from './harness/server.ts'
import { until } from './harness/until.ts'

const browser = useBrowser()

/** Waits for a mail, and returns the address of its HTML part. */
async function htmlOf(email: string, subject: string): Promise<string> {
  let path: string | undefined
  await until(`a mail to ${email} about ${subject} arrives`, async () => {
    const page = await (await fetch(mailURL)).text()
    for (const [mail] of page.matchAll(/<article>.*?<\/article>/gs)) {
      if (mail.includes(`to ${email},`) && mail.includes(subject)) path = /href="(\/html\/\d+)"/.exec(mail)?.[1]
    }
    return path !== undefined
  })
  return new URL(path!, mailURL).href
}

test('Mails are read in light and dark, on a desk and on a phone', async () => {
  const [ada, emil, bob] = await Promise.all([Person.join('Ada'), Person.join('Emil'), Person.join('Bob')])
  await emil.graphql(operations.mailSettings, { input: { language: 'DE' } })
  for (const owner of [ada, emil]) await bob.ask(await owner.addCat('Bresson, the cat with a name that is longer than a phone is wide'), day(10), day(14))
  await using window = await Window.open(browser())
  await window.page.goto('/recovery')
  await window.page.getByLabel('Email').fill(bob.email)
  await window.page.getByRole('button', { name: 'Mail me a code' }).click()

  const mails: [string, string, RegExp][] = [
    ['ours, in English', await htmlOf(ada.email, 'Bob asks for your cat'), /Bob asks for your cat\..*Bresson/s],
    ['ours, in German', await htmlOf(emil.email, 'Bob fragt nach deiner Katze'), /Bob fragt nach deiner Katze\..*Bresson/s],
    ["Kratos's", await htmlOf(bob.email, 'Recover'), new RegExp(await codeFrom(bob.email, 'Recover'))],
  ]
  for (const [which, address, text] of mails) {
    // Not a Window: this is no page of the program.
    const context = await browser().newContext()
    const page = await context.newPage()
    await page.goto(address)
    const unrestricted = await context.newPage() // Axe cannot run in a sandbox.
    await unrestricted.setContent(await (await fetch(address)).text())
    for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 600 }]) {
      await page.setViewportSize(viewport)
      assert.match(await page.locator('body').innerText(), text, which)
      await unrestricted.setViewportSize(viewport)
      await checkAccessibility(unrestricted, 'part')
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { wide, background } = await page.evaluate(() => ({
          wide: document.documentElement.scrollWidth > innerWidth,
          background: getComputedStyle(document.body).backgroundColor,
        }))
        assert.equal(wide, false, `${which} is wider than ${viewport.width} pixels`)
        assert.equal(background, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 24, 22)', `${which}, ${colorScheme}`)
      }
    }
    await context.close()
  }
})
