/**
 * Reports whether a table has an entry for a key, which may be any text: of the address, or of an answer. Tables also inherit
 * names, such as "constructor", which are no entries.
 */
export function hasKey<Table extends object>(table: Table, key: string | null | undefined): key is keyof Table & string {
  return typeof key === 'string' && Object.hasOwn(table, key)
}
