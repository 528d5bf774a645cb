import { Link } from 'react-router'
import { graphql, type ResultOf } from '../api/graphql'
import { useData } from '../api/useData'
import { MyFostering, MyFosteringFragment } from '../fosterings/MyFostering'
import { IncomingRequest } from '../fosterings/IncomingRequest'
import { IncomingRequestFragment } from '../fosterings/IncomingRequestFragment'
import { CatCardFragment, CatGrid } from '../cats/CatCard'
import { useText } from '../text/language'
import { ButtonLink } from '../ui/Button'
import { EmptyState } from '../ui/EmptyState'
import { PageFailure } from '../ui/FailurePanel'
import { Named } from '../ui/Named'
import { PageTitle } from '../ui/PageTitle'
import { SkeletonLines } from '../ui/Skeleton'
import { CommunityLayout, PlainLayout } from './Layout'
import { ViewerFragment, viewerOf } from './viewer'
import styles from './HomePage.module.css'
import { Welcome } from './Welcome'

export const HomeQuery = graphql(
  `
    query Home {
      ...Viewer
      requests: fosterings(first: 3, filter: { role: OWNER, status: [PENDING] }) {
        edges {
          node {
            id
            ...IncomingRequest
          }
        }
      }
      soon: fosterings(first: 4, filter: { status: [APPROVED, ACTIVE] }, orderBy: { field: START_DATE, direction: ASC }) {
        edges {
          node {
            id
            participant {
              id
            }
            ...IncomingRequest
            ...MyFostering
          }
        }
      }
      mine: fosterings(first: 3, filter: { role: PARTICIPANT, status: [PENDING] }) {
        edges {
          node {
            id
            ...MyFostering
          }
        }
      }
      catProfiles(first: 4, filter: { available: true, viewerIsOwner: false }, orderBy: { field: CREATED_AT, direction: DESC }) {
        edges {
          node {
            id
            ...CatCard
          }
        }
      }
    }
  `,
  [ViewerFragment, IncomingRequestFragment, MyFosteringFragment, CatCardFragment],
)

/** What waits for a member, and what begins next; for everybody else, what this is about. */
export function HomePage() {
  const { data, failure, reload } = useData(HomeQuery, {})
  if (failure?.code === 'UNAUTHENTICATED') {
    return (
      <PlainLayout>
        <Welcome />
      </PlainLayout>
    )
  }
  return (
    <CommunityLayout>
      {failure && <PageFailure part={!!data} failure={failure} onRetry={reload} />}
      {data ? <Home data={data} onReload={reload} /> : !failure && <SkeletonLines lines={6} />}
    </CommunityLayout>
  )
}

function Home({ data, onReload }: { data: ResultOf<typeof HomeQuery>; onReload: () => void }) {
  const text = useText()
  const viewer = viewerOf(data)
  const requests = data.requests.edges.map((edge) => edge.node)
  const mine = data.mine.edges.map((edge) => edge.node)
  const soon = data.soon.edges.map((edge) => edge.node)
  const cats = data.catProfiles.edges.map((edge) => edge.node)
  return (
    <div className={styles.home}>
      <PageTitle title={text.home.title}>
        <Named text={text.home.greeting} name={viewer.name} />
      </PageTitle>
      {requests.length > 0 && (
        <section className={styles.section}>
          <h2>{text.home.requests}</h2>
          {requests.map((request) => (
            <IncomingRequest key={request.id} data={request} level={3} onReload={onReload} />
          ))}
          <Link to="/requests">{text.home.allRequests}</Link>
        </section>
      )}
      {soon.length > 0 && (
        <section className={styles.section}>
          <h2>{text.home.soon}</h2>
          {soon.map((fostering) => {
            const Card = fostering.participant.id === viewer.id ? MyFostering : IncomingRequest
            return <Card key={fostering.id} data={fostering} level={3} onReload={onReload} />
          })}
        </section>
      )}
      {mine.length > 0 && (
        <section className={styles.section}>
          <h2>{text.home.mine}</h2>
          {mine.map((fostering) => (
            <MyFostering key={fostering.id} data={fostering} level={3} onReload={onReload} />
          ))}
          <Link to="/fosterings">{text.home.allMine}</Link>
        </section>
      )}
      <section className={styles.section}>
        <h2>{text.home.cats}</h2>
        {cats.length > 0 ? (
          <>
            <CatGrid cats={cats} level={3} />
            <Link to="/cats">{text.home.allCats}</Link>
          </>
        ) : (
          <EmptyState title={text.cats.none} action={<ButtonLink kind="primary" to="/cats/new">{text.cats.add}</ButtonLink>}>
            {text.cats.noneHelp}
          </EmptyState>
        )}
      </section>
    </div>
  )
}
