/**
 * Drafts keep what somebody typed into a form that could not be sent, because a login in between
 * loads the page anew. They last as long as the tab.
 */
const keyOf = (name: string) => `catfoster.draft.${name}`

export function keepDraft(name: string, data: FormData): void {
  const texts = [...data].filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(texts))
  } catch {
    // The browser refuses to store anything: the form is still on the page.
  }
}

/** Fills the fields of a form as they were, and tells their components by an input event. */
export function restoreDraft(name: string, form: HTMLFormElement): void {
  const texts = JSON.parse(readDraft(name) ?? '[]') as [string, string][]
  for (const [field, value] of texts) {
    const control = form.elements.namedItem(field)
    if (control instanceof HTMLTextAreaElement || (control instanceof HTMLInputElement && control.type !== 'checkbox')) {
      const prototype = Object.getPrototypeOf(control) as object
      // React tracks the value by a property of the element itself, and would miss the change.
      Object.getOwnPropertyDescriptor(prototype, 'value')!.set!.call(control, value)
      control.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }
}

export function clearDraft(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name))
  } catch {
    // There is none.
  }
}

function readDraft(name: string): string | null {
  try {
    return sessionStorage.getItem(keyOf(name))
  } catch {
    return null
  }
}
