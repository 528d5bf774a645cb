import { part } from '../ui/part'

/** What others have written about a member, which is loaded with the first page of a member. */
export const PersonReferences = part(() => import('../references/PersonReferences').then(({ PersonReferences }) => PersonReferences))
