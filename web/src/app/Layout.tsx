import { useEffect, useId, useRef, type ReactNode } from 'react'
import { Link, NavLink, Outlet, useLocation } from 'react-router'
import { useLogOut } from '../account/useLogOut'
import { Bell } from '../notifications/Bell'
import { useText } from '../text/language'
import { Avatar } from '../ui/Avatar'
import { Icon, type IconName } from '../ui/Icon'
import { part } from '../ui/part'
import styles from './Layout.module.css'
import { Preferences } from './Preferences'
import { useRenewal } from './useRenewal'
import { useCommunity, useViewer } from './viewer'

const NewEmail = part(() => import('../account/NewEmail').then(({ NewEmail }) => NewEmail), { skeleton: null })

/** The frame of the community pages: where one can go, and who one is. */
export function CommunityLayout({ children = <Outlet /> }: { children?: ReactNode }) {
  const newEmail = useViewer()?.newEmail
  return (
    <Frame nav={<MainNav />} menu={<><Bell /><Menu /></>}>
      {newEmail && <NewEmail email={newEmail} />}
      {children}
    </Frame>
  )
}

/** The frame of the account pages, and of pages for visitors who are not signed in. */
export function PlainLayout({ children = <Outlet /> }: { children?: ReactNode }) {
  return <Frame>{children}</Frame>
}

function Frame({ nav, menu, children }: { nav?: ReactNode; menu?: ReactNode; children: ReactNode }) {
  const text = useText()
  const community = useCommunity()
  return (
    <>
      <a className={styles.skip} href="#content">
        {text.nav.skip}
      </a>
      <header className={styles.header}>
        <div className={styles.bar}>
          <Link className={styles.brand} to="/">
            <Icon name="cat" />
            <span>{community?.name ?? 'CatFoster'}</span>
          </Link>
          {nav}
          {menu}
        </div>
      </header>
      <main id="content" tabIndex={-1} className={styles.main}>
        {children}
      </main>
      <footer className={styles.footer}>
        <p>{text.ui.footer}</p>
        <Preferences />
      </footer>
    </>
  )
}

const places: { to: string; icon: IconName; name: 'cats' | 'fosterings' | 'requests' | 'profile' }[] = [
  { to: '/cats', icon: 'cat', name: 'cats' },
  { to: '/fosterings', icon: 'home', name: 'fosterings' },
  { to: '/requests', icon: 'inbox', name: 'requests' },
  { to: '/profile', icon: 'person', name: 'profile' },
]

/** A bar at the bottom of narrow screens, links at the top of wide ones. */
function MainNav() {
  const text = useText().nav
  return (
    <nav className={styles.nav} aria-label={text.main}>
      {places.map(({ to, icon, name }) => (
        // The page of a fostering is of both sides.
        <NavLink key={to} to={to} end={to === '/fosterings'}>
          <Icon name={icon} />
          {text[name]}
        </NavLink>
      ))}
    </nav>
  )
}

/** What belongs to the visitor: a popover, which the browser opens and closes. */
function Menu() {
  const text = useText()
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  const logOut = useLogOut()
  const viewer = useViewer()
  const { key } = useLocation()
  useEffect(() => menu.current?.hidePopover(), [key])
  useRenewal(viewer !== undefined && viewer !== null, key)
  if (!viewer) return <span className={styles.menuButton} aria-hidden="true" />
  return (
    <>
      <button type="button" className={styles.menuButton} popoverTarget={id} aria-label={text.nav.menu(viewer.name)}>
        <Avatar id={viewer.id} name={viewer.name} />
      </button>
      <div ref={menu} id={id} popover="auto" className={styles.menu}>
        <p>
          <bdi>{viewer.name}</bdi>
        </p>
        <Link to="/profile">{text.nav.profile}</Link>
        <Link to="/settings">{text.account.settings}</Link>
        <button type="button" onClick={() => void logOut('/')}>
          {text.account.logOut}
        </button>
      </div>
    </>
  )
}
