/** Returns the fields of a form as Kratos takes them in JSON: "traits.email" is nested, a checkbox a boolean. */
export function valuesOf(form: HTMLFormElement): Record<string, unknown> {
  const entries: [string, unknown][] = [...new FormData(form)]
  for (const box of form.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')) entries.push([box.name, box.checked])
  return nest(entries)
}

export function nest(entries: Iterable<[string, unknown]>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, value] of entries) {
    const path = name.split('.')
    let target = values
    for (const step of path.slice(0, -1)) target = (target[step] ??= {}) as Record<string, unknown>
    target[path.at(-1)!] = value
  }
  return values
}
