/** What is loaded with the first reference that is shown: as one file, of which a first visit needs nothing. */
export { PersonReferences } from './PersonReferences'
export { References } from './References'
