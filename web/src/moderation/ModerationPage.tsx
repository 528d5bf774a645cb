import { useState } from 'react'
import { graphql } from '../api/graphql'
import { useData, usePages } from '../api/useData'
import { ViewerFragment } from '../app/viewer'
import { MemberLink } from '../people/MemberLink'
import { useText } from '../text/language'
import { Form, TextField } from '../ui/Form'
import { textOf } from '../ui/input'
import { LoadedPage } from '../ui/LoadedPage'
import { PageFailure } from '../ui/FailurePanel'
import { PagedList } from '../ui/PagedList'
import { PageTitle } from '../ui/PageTitle'
import { SkeletonLines } from '../ui/Skeleton'
import { Admins } from './Admins'
import { AuditLog } from './AuditLog'
import { Queue } from './Queue'
import styles from './ModerationPage.module.css'
import { useModerationText } from './text'

export const ModerationQuery = graphql(
  `
    query Moderation {
      ...Viewer
      me {
        id
        isModerator
        isAdmin
        isSuperAdmin
      }
    }
  `,
  [ViewerFragment],
)

export const FindMembersQuery = graphql(`
  query FindMembers($search: String!, $first: Int!, $after: Cursor) {
    findMembers(search: $search, first: $first, after: $after) {
      edges {
        node {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const ModeratorsQuery = graphql(`
  query Moderators($first: Int!, $after: Cursor) {
    moderators(first: $first, after: $after) {
      edges {
        node {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

/** What moderators work with: members are suspended on their own pages. Admins see who moderates, super admins the admins and the audit log. */
export function ModerationPage() {
  const text = useModerationText()
  const loaded = useData(ModerationQuery, {})
  const [search, setSearch] = useState<string>()
  return (
    <LoadedPage loaded={loaded} skeleton={<SkeletonLines lines={6} />}>
      {({ me }) => {
        if (!me.isModerator) return <PageFailure failure={{ code: 'FORBIDDEN', message: '', fields: {} }} forbidden={text.notAllowed} onRetry={loaded.reload} />
        return (
          <div className={styles.page}>
            <PageTitle title={text.title} />
            <p>{text.intro}</p>
            <Queue />
            <Form
              submit={text.find}
              onSubmit={async (form) => {
                setSearch(textOf(form, 'search') ?? undefined)
                return undefined
              }}
            >
              <TextField label={text.search} name="search" required autoComplete="off" />
            </Form>
            {search && <Found key={search} search={search} />}
            {me.isAdmin && <Moderators />}
            {me.isSuperAdmin && <Admins />}
            {me.isSuperAdmin && <AuditLog />}
          </div>
        )
      }}
    </LoadedPage>
  )
}

function Found({ search }: { search: string }) {
  const text = useModerationText()
  const list = usePages(FindMembersQuery, { search, first: 20 }, (data) => data.findMembers)
  return (
    <section>
      <h2>{text.found}</h2>
      <PagedList list={list} items={(data) => data.findMembers.edges.map((edge) => edge.node)} empty={<p>{text.nobody}</p>}>
        {(member) => <MemberLink {...member} />}
      </PagedList>
    </section>
  )
}

function Moderators() {
  const text = useModerationText()
  const list = usePages(ModeratorsQuery, { first: 50 }, (data) => data.moderators)
  return (
    <section>
      <h2>{text.moderators}</h2>
      <PagedList list={list} items={(data) => data.moderators.edges.map((edge) => edge.node)} empty={<p>{text.noModerators}</p>} forbidden={useText().failure.FORBIDDEN.help}>
        {(member) => <MemberLink {...member} />}
      </PagedList>
    </section>
  )
}
