/** What the browser remembers of a visitor's preferences. It may refuse to store anything. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`catfoster.${name}`)
  } catch {
    return null
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`catfoster.${name}`, value)
  } catch {
    // The preference lasts until the page is left.
  }
}
