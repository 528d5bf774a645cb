/** Returns a text field of a form, without the spaces around it. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** Returns the fields of an input that differ from what there was: the rest may be older than the rules for it. */
export function changesOf<Input extends object>(input: Input, before: object): Partial<Input> {
  const old = before as Record<string, unknown>
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => String(value ?? '') !== String(old[name] ?? ''))) as Partial<Input>
}

/** Returns the texts of the fields with a name that are not empty. */
export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).flatMap((value) => (typeof value === 'string' && value.trim() ? [value.trim()] : []))
}
