/** The pages about the session, which are loaded when one of them is opened. */
export { ErrorPage } from './ErrorPage'
export { LoginPage } from './LoginPage'
export { RecoveryPage } from './RecoveryPage'
export { RegistrationPage } from './RegistrationPage'
export { SettingsPage } from './SettingsPage'
export { SuspendedPage } from './SuspendedPage'
export { VerificationPage } from './VerificationPage'
