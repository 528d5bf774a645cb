// The operations of the tests themselves. The program under test runs registered operations only,
// so they are registered, as those of any other frontend are.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'

export const operations = {
  me: '{ me { id email } }',
  report: 'mutation($id: ID!) { reportContent(input: { subjectId: $id, reason: FRAUD, text: "Asks for money." }) { id } }',
  community: '{ community { today } }',
  account: '{ me { id name email bio location isAdmin isSuperAdmin catProfiles(first: 100) { edges { node { id name } } } } }',
  addCat: 'mutation ($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }',
  askToFoster: 'mutation ($input: RequestFosteringInput!) { requestFostering(input: $input) { id } }',
  approve: 'mutation ($id: ID!) { approveFostering(id: $id) { id } }',
  reject: 'mutation ($id: ID!) { rejectFostering(id: $id) { id } }',
  propose: 'mutation ($input: ProposeFosteringChangeInput!) { proposeFosteringChange(input: $input) { id } }',
  complete: 'mutation ($id: ID!) { completeFostering(id: $id) { id } }',
  sendMessage: 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { id } }',
  messages: 'query ($id: ID!) { fostering(id: $id) { messages(last: 100) { edges { node { text } } } } }',
  user: 'query ($id: ID!) { user(id: $id) { id name } }',
  cat: 'query ($id: ID!) { catProfile(id: $id) { id } }',
  carePlan: 'mutation ($id: ID!, $input: CarePlanInput!) { updateCarePlan(catProfileId: $id, input: $input) { id } }',
  block: 'mutation ($id: ID!) { blockUser(id: $id) { id } }',
  deleteAccount: 'mutation { deleteAccount }',
  changeRequest: 'mutation ($id: ID!, $input: UpdateFosteringInput!) { updateFostering(id: $id, input: $input) { id } }',
  changeCat: 'mutation ($id: ID!, $input: UpdateCatProfileInput!) { updateCatProfile(id: $id, input: $input) { id } }',
  updateProfile: 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }',
  places: 'query ($search: String!) { places(search: $search) { id name country } }',
  mailSettings: 'mutation ($input: UpdateNotificationSettingsInput!) { updateNotificationSettings(input: $input) { id } }',
  listRequests: '{ fosterings(filter: { role: PARTICIPANT }) { edges { node { startDate endDate message } } } }',
  countActive: '{ fosterings(filter: { role: OWNER, status: [ACTIVE] }) { totalCount } }',
  countApproved: '{ fosterings(filter: { role: OWNER, status: [APPROVED] }) { totalCount } }',
  listCats: '{ catProfiles(first: 100, orderBy: { field: NAME }) { edges { node { id name viewerCanFoster promisedPeriods { startDate } } } } }',
} as const

export type Operation = (typeof operations)[keyof typeof operations]

/** Writes a manifest of the operations, in the format of Relay's compiler. */
export function writeManifest(path: string): void {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  writeFileSync(path, JSON.stringify(Object.fromEntries(Object.values(operations).map((text) => [hash(text), text]))))
}
