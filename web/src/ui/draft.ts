import { useLayoutEffect, useRef, type RefObject } from 'react'
import { pageViewer } from '../api/viewer'

/**
 * Drafts keep what a member has typed into a form when the page is left: for a login, which loads it anew, by a link, or because
 * somebody else goes on in this tab. They last as long as the tab, and are offered to that member alone: nothing is kept if it is
 * not known whose page it is.
 */
const PREFIX = 'catfoster.draft.'

const keyOf = (name: string) => pageViewer.id && `${PREFIX}${pageViewer.id}.${name}`

/** Keeps and restores the draft of a form, if it has a name for it. */
export function useDraft(name: string | undefined, form: RefObject<HTMLFormElement | null>) {
  // Whether the form says nothing that must be kept: it is being sent, was sent, or given up.
  const settled = useRef(false)
  const keep = useRef(() => {})
  // Before the form is shown, so that nobody sees it without what was typed.
  useLayoutEffect(() => {
    const element = form.current
    if (!name || !element) return
    restoreDraft(name, element)
    keep.current = () => {
      if (!settled.current) keepDraft(name, typedInto(element))
    }
    const leave = () => keep.current()
    addEventListener('pagehide', leave)
    const unsubscribe = pageViewer.subscribe(leave)
    return () => {
      leave()
      removeEventListener('pagehide', leave)
      unsubscribe()
    }
  }, [name, form])
  return {
    /** Keeps what is sent until it is known to have arrived. */
    send() {
      keep.current()
      settled.current = true
    },
    /** What was sent has not arrived, or the visitor goes on typing. */
    reopen() {
      settled.current = false
    },
    clear() {
      settled.current = true
      if (name) clearDraft(name)
    },
  }
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

const isControl = (element: Element): element is Control =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement

/** What has no name is part of something that has. */
const controlsOf = (form: HTMLFormElement): Control[] => [...form.elements].filter(isControl).filter(({ name }) => name)

const isBox = (control: Control): control is HTMLInputElement => control instanceof HTMLInputElement && control.type === 'checkbox'

const textOf = (control: Control): string => (isBox(control) ? (control.checked ? 'on' : '') : control.value)

/** Returns what a field was filled in with. React makes the value of a field that it controls its default too. */
function defaultOf(control: Control): string {
  if (isBox(control)) return control.defaultChecked ? 'on' : ''
  if (control instanceof HTMLSelectElement) return ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value ?? ''
  return control.dataset.default ?? control.defaultValue
}

/** Returns the texts of the fields that were changed: the others may change on the server until the draft is restored. */
function typedInto(form: HTMLFormElement): FormData {
  const controls = controlsOf(form)
  const changed = new Set(controls.filter((control) => textOf(control) !== defaultOf(control)).map(({ name }) => name))
  const data = new FormData()
  // What is hidden, such as a key, goes along with what was typed.
  const isKept = ({ name, type }: Control) => changed.has(name) || (changed.size > 0 && type === 'hidden')
  for (const control of controls) if (isKept(control)) data.append(control.name, textOf(control))
  return data
}

export function keepDraft(name: string, data: FormData): void {
  const key = keyOf(name)
  if (!key) return
  const texts = [...data].filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  if (texts.length === 0) return clearDraft(name)
  try {
    sessionStorage.setItem(key, JSON.stringify(texts))
  } catch {
    // The browser refuses to store anything: the form is still on the page.
  }
}

/** Fills the fields of a form as they were, and tells their components by an input event. */
function restoreDraft(name: string, form: HTMLFormElement): void {
  const texts = draftOf(name)
  for (const control of controlsOf(form)) {
    const place = texts.findIndex(([field]) => field === control.name)
    if (place < 0) continue
    const [, text] = texts.splice(place, 1)[0]! // Fields with the same name are in order.
    if (isBox(control)) control.checked = text === 'on'
    else restore(control, text)
  }
}

function restore(control: Control, value: string): void {
  const prototype = Object.getPrototypeOf(control) as object
  // React tracks the value by a property of the element itself, and would miss the change.
  Object.getOwnPropertyDescriptor(prototype, 'value')!.set!.call(control, value)
  control.dispatchEvent(new Event('input', { bubbles: true }))
}

export function clearDraft(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name) ?? '')
  } catch {
    // There is none.
  }
}

/** Forgets what the page's member has typed in this tab. */
export function clearDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(`${PREFIX}${pageViewer.id}.`)) sessionStorage.removeItem(key)
  } catch {
    // There are none.
  }
}

/** Returns the names and values of the fields of a draft; none if there is no draft. */
export function draftOf(name: string): [string, string][] {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(name) ?? '') ?? '[]') as [string, string][]
  } catch {
    return []
  }
}
