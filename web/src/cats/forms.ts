/** The pages with the form of a cat, which are loaded when one of them is opened. */
export { EditCatPage } from './EditCatPage'
export { NewCatPage } from './NewCatPage'
