/** Returns a number below n that is always the same for an id. */
export function toneOf(id: string, n: number): number {
  let hash = 0
  for (const c of id) hash = (hash * 31 + c.charCodeAt(0)) >>> 0
  return hash % n
}
