import { Link } from 'react-router'
import { graphql, readFragment, type FragmentOf } from '../api/graphql'
import { useDate } from '../app/viewer'
import { MemberLink } from '../people/MemberLink'
import { Paragraphs } from '../ui/Paragraphs'
import { Decide } from './Decide'
import styles from './Queue.module.css'
import { useModerationText } from './text'

export const CaseFragment = graphql(`
  fragment Case on ModerationCase {
    subjectKind
    subjectId
    createdAt
    member {
      id
      name
      reportsAbout(first: 0) {
        totalCount
      }
    }
    reports {
      id
      reason
      text
      createdAt
      reporter {
        id
        name
        reportsBy(first: 0) {
          totalCount
        }
      }
      snapshot {
        field
        value
      }
      photos {
        id
        alt
        url(size: CARD)
      }
    }
  }
`)

/** What was reported, by whom and why, and what a moderator may decide. */
export function Case({ data, onReload }: { data: FragmentOf<typeof CaseFragment>; onReload: () => void }) {
  const text = useModerationText().queue
  const dateOf = useDate()
  const { subjectKind, subjectId, member, reports } = readFragment(CaseFragment, data)
  const first = reports[0]
  if (!first) return null
  return (
    <article className={styles.case} aria-labelledby={`case-${subjectId}`} tabIndex={-1}>
      <h3 id={`case-${subjectId}`}>
        {text.kinds[subjectKind]} · <MemberLink {...member} />
      </h3>
      <p className={styles.facts}>
        <span>{text.reportsAbout(member.reportsAbout.totalCount)}</span>
        {subjectKind === 'CAT' && <Link to={`/cats/${subjectId}`}>{text.asItIs}</Link>}
      </p>
      <dl className={styles.snapshot}>
        {first.snapshot.map(({ field, value }) => (
          <div key={field}>
            <dt>{text.fields[field as keyof typeof text.fields] ?? field}</dt>
            <dd>
              <Paragraphs text={value} />
            </dd>
          </div>
        ))}
      </dl>
      {first.photos.length > 0 && (
        <ul className={styles.photos}>
          {first.photos.map(({ id, alt, url }) => (
            <li key={id}>
              <img src={url} alt={alt ?? text.photo} loading="lazy" />
            </li>
          ))}
        </ul>
      )}
      <h4>{text.reports}</h4>
      <ul className={styles.reports}>
        {reports.map((report) => (
          <li key={report.id}>
            <p className={styles.facts}>
              <strong>{text.reasons[report.reason]}</strong>
              <span>
                <MemberLink {...report.reporter} /> ({text.reportsBy(report.reporter.reportsBy.totalCount)})
              </span>
              <span>{dateOf(report.createdAt)}</span>
            </p>
            {report.text && <Paragraphs text={report.text} />}
          </li>
        ))}
      </ul>
      <Decide reportId={first.id} isMember={subjectKind === 'MEMBER'} onDone={onReload} />
    </article>
  )
}
