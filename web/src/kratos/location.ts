/**
 * Where visitors go before and after an account page. `return_to` is Kratos's name for the page to
 * return to; it is an absolute URL, because Kratos compares it with its list of allowed ones.
 */
export const loginPath = (returnTo: string) => `/login?return_to=${encodeURIComponent(returnTo)}`

/** Adds the page to return to, if any, to the path of an account page. */
export const withReturn = (path: string, returnTo: string | undefined) => (returnTo ? `${path}?return_to=${encodeURIComponent(returnTo)}` : path)

/** Adds the page to return to, a path, to a URL of Kratos. */
export function withReturnTo(url: string, path: string, origin = location.origin): string {
  const target = new URL(url, origin)
  target.searchParams.set('return_to', origin + path)
  return target.toString()
}

/** Returns the path of a URL of our own origin, and undefined for any other: visitors are not sent elsewhere. */
export function ownPath(url: string | null | undefined, origin = location.origin): string | undefined {
  if (!url) return undefined
  const target = URL.parse(url, origin)
  if (target?.origin !== origin) return undefined
  // A path that began with two slashes would name another host.
  return target.pathname.replace(/^\/+/, '/') + target.search + target.hash
}
