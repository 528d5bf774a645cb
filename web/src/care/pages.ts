/** The pages of a care plan, which are loaded when one of them is opened. */
export { CarePlanPage } from './CarePlanPage'
export { EditCarePlanPage } from './EditCarePlanPage'
