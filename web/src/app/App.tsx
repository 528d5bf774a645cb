import { useState } from 'react'
import { Navigate, Route, Routes, useLocation } from 'react-router'
import { CatsPage } from '../cats/CatsPage'
import { useLiveFosterings } from '../fosterings/useLiveFosterings'
import { useLiveEvents } from '../live/useLive'
import { NotFound } from '../ui/NotFound'
import { Entrance } from '../ui/PageTitle'
import { page } from '../ui/part'
import { HomePage } from './HomePage'
import { CommunityLayout, PlainLayout } from './Layout'
import { useScroll } from './useScroll'
import { useViewer } from './viewer'

const account = () => import('../account/pages')
const ErrorPage = page(() => account().then((pages) => pages.ErrorPage))
const LoginPage = page(() => account().then((pages) => pages.LoginPage))
const RecoveryPage = page(() => account().then((pages) => pages.RecoveryPage))
const RegistrationPage = page(() => account().then((pages) => pages.RegistrationPage))
const SettingsPage = page(() => account().then((pages) => pages.SettingsPage))
const SuspendedPage = page(() => account().then((pages) => pages.SuspendedPage))
const VerificationPage = page(() => account().then((pages) => pages.VerificationPage))

const forms = () => import('../cats/forms')
const EditCatPage = page(() => forms().then((pages) => pages.EditCatPage))
const NewCatPage = page(() => forms().then((pages) => pages.NewCatPage))

const ModerationPage = page(() => import('../moderation/ModerationPage').then((pages) => pages.ModerationPage))

const NotificationsPage = page(() => import('../notifications/NotificationsPage').then((pages) => pages.NotificationsPage))
const CatPage = page(() => import('../cats/CatPage').then((pages) => pages.CatPage))
const FosteringsPage = page(() => import('../fosterings/FosteringsPage').then((pages) => pages.FosteringsPage))
const RequestsPage = page(() => import('../fosterings/RequestsPage').then((pages) => pages.RequestsPage))
const ProfilePage = page(() => import('../people/ProfilePage').then((pages) => pages.ProfilePage))
const PersonPage = page(() => import('../people/PersonPage').then((pages) => pages.PersonPage))

const ConversationPage = page(() => import('../conversation/ConversationPage').then((pages) => pages.ConversationPage))

const care = () => import('../care/pages')
const CarePlanPage = page(() => care().then((pages) => pages.CarePlanPage))
const EditCarePlanPage = page(() => care().then((pages) => pages.EditCarePlanPage))

/** All pages. Their addresses do not change: people keep them, and tests use them. */
export function App() {
  useScroll()
  useLiveEvents(useViewer()?.id)
  useLiveFosterings()
  const [entrance] = useState(useLocation())
  return (
    <Entrance value={entrance}>
      <Routes>
        <Route path="/" element={<HomePage />} />
        <Route path="/settings" element={<SettingsPage />} />
        <Route element={<CommunityLayout />}>
          <Route path="/cats" element={<CatsPage />} />
          <Route path="/cats/new" element={<NewCatPage />} />
          <Route path="/cats/:id" element={<CatPage />} />
          <Route path="/cats/:id/care" element={<CarePlanPage />} />
          <Route path="/cats/:id/care/edit" element={<EditCarePlanPage />} />
          <Route path="/cats/:id/edit" element={<EditCatPage />} />
          <Route path="/fosterings" element={<FosteringsPage />} />
          <Route path="/fosterings/:id" element={<ConversationPage />} />
          <Route path="/notifications" element={<NotificationsPage />} />
          <Route path="/requests" element={<RequestsPage />} />
          <Route path="/people/:id" element={<PersonPage />} />
          <Route path="/profile" element={<ProfilePage />} />
          <Route path="/moderation" element={<ModerationPage />} />
          <Route path="/admin" element={<Navigate to="/moderation" replace />} />
        </Route>
        <Route element={<PlainLayout />}>
          <Route path="/login" element={<LoginPage />} />
          <Route path="/registration" element={<RegistrationPage />} />
          <Route path="/verification" element={<VerificationPage />} />
          <Route path="/recovery" element={<RecoveryPage />} />
          <Route path="/error" element={<ErrorPage />} />
          <Route path="/suspended" element={<SuspendedPage />} />
          <Route path="*" element={<NotFound />} />
        </Route>
      </Routes>
    </Entrance>
  )
}
