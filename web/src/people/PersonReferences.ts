import { part } from '../ui/part'

/** What others have written about a member, which is loaded with the first page that has it. */
export const PersonReferences = part(() => import('../references/parts').then(({ PersonReferences }) => PersonReferences))
