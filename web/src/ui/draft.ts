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
  const texts = draftOf(name)
  if (texts.length === 0) return
  for (const control of form.elements) {
    if (control instanceof HTMLInputElement && control.type === 'checkbox') {
      control.checked = texts.some(([field]) => field === control.name)
    } else if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
      const place = texts.findIndex(([field]) => field === control.name)
      if (place >= 0) restore(control, texts.splice(place, 1)[0]![1]) // Fields with the same name are in order.
    }
  }
}

function restore(control: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const prototype = Object.getPrototypeOf(control) as object
  // React tracks the value by a property of the element itself, and would miss the change.
  Object.getOwnPropertyDescriptor(prototype, 'value')!.set!.call(control, value)
  control.dispatchEvent(new Event('input', { bubbles: true }))
}

export function clearDraft(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name))
  } catch {
    // There is none.
  }
}

/** Returns the names and values of the fields of a draft; none if there is no draft. */
export function draftOf(name: string): [string, string][] {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(name)) ?? '[]') as [string, string][]
  } catch {
    return []
  }
}
