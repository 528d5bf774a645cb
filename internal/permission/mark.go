package permission

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/syncmark"
)

const (
	// syncTimeout is the longest that one attempt to sync an object may take.
	syncTimeout = 12 * time.Second
	// lease is how long a claim holds. It outlasts an attempt by far, so that whoever
	// is still alive has given up before somebody else begins.
	lease = 25 * time.Second
	// settleTime is how long something that was sent to Keto may still take to
	// arrive after Keto has begun to answer again: longer than Keto works on a
	// request whose sender has gone.
	settleTime = 8 * time.Second
	// slowest is the longest time between two attempts.
	slowest = 15 * time.Second
)

// mark is a row of the table of sync marks: Keto may not yet hold what the
// object's row stands for. Whoever has the claim syncs the object; there is one at
// a time, because reading what Keto holds, computing what it should hold and
// writing the difference is not one step.
type mark struct {
	id      uuid.UUID
	object  Object
	version int
	claim   uuid.NullUUID
}

// marks is the table of sync marks. Times come from the database's clock, which
// all replicas share.
type marks struct {
	db *ent.Client
}

const markColumns = "id, namespace, object_id, version, claim"

// What happens to a mark that is there when its object is marked once more.
const (
	// changed tells whoever has the claim that there is more to do.
	changed = "UPDATE SET version = sync_marks.version + 1, updated_at = clock_timestamp()"
	// kept leaves it alone.
	kept = "NOTHING"
)

// put marks objects, in the transaction that changes their rows. Marks that are
// new get the claim; one that was there belongs to somebody else, or to nobody.
func put(ctx context.Context, tx *ent.Tx, objects []Object, claim uuid.UUID) ([]mark, error) {
	return insertMarks(ctx, tx, objects, uuid.NullUUID{UUID: claim, Valid: true}, changed)
}

// take claims those of the objects that have no mark.
func (m marks) take(ctx context.Context, objects []Object) ([]mark, error) {
	return insertMarks(ctx, m.db, objects, uuid.NullUUID{UUID: uuid.New(), Valid: true}, kept)
}

// again marks objects that must be looked at once more, by anybody.
func (m marks) again(ctx context.Context, objects []Object) error {
	_, err := insertMarks(ctx, m.db, objects, uuid.NullUUID{}, changed)
	return err
}

// querier is the database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func insertMarks(ctx context.Context, db querier, objects []Object, claim uuid.NullUUID, onConflict string) ([]mark, error) {
	if len(objects) == 0 {
		return nil, nil
	}
	namespaces, ids := make([]string, len(objects)), make([]string, len(objects))
	for i, object := range objects {
		namespaces[i], ids[i] = string(object.Namespace), object.ID
	}
	// In an order, so that two transactions with the same objects do not wait for
	// each other.
	rows, err := db.QueryContext(ctx, `
		INSERT INTO sync_marks (id, created_at, updated_at, namespace, object_id, claim, attempts, due_at)
		SELECT gen_random_uuid(), clock_timestamp(), clock_timestamp(), namespace, object_id, $3::uuid,
			CASE WHEN $3::uuid IS NULL THEN 0 ELSE 1 END,
			CASE WHEN $3::uuid IS NULL THEN clock_timestamp() ELSE clock_timestamp() + $4 * interval '1 second' END
		FROM (SELECT DISTINCT namespace, object_id FROM unnest($1::text[], $2::uuid[]) AS given (namespace, object_id)) AS objects
		ORDER BY namespace, object_id
		ON CONFLICT (namespace, object_id) DO `+onConflict+`
		RETURNING `+markColumns, pq.Array(namespaces), pq.Array(ids), claim, lease.Seconds())
	if err != nil {
		return nil, fmt.Errorf("mark objects for sync: %w", err)
	}
	return scanMarks(rows)
}

// claimDue claims some marks whose time has come, those that are due longest
// first. Marks that somebody else is claiming right now are left to them.
func (m marks) claimDue(ctx context.Context, limit int) ([]mark, error) {
	return m.claim(ctx, "due_at <= clock_timestamp() ORDER BY due_at LIMIT $3", limit)
}

// claimOne claims a mark that nobody has, whether it is due or not; none if
// somebody has.
func (m marks) claimOne(ctx context.Context, id uuid.UUID) ([]mark, error) {
	return m.claim(ctx, "id = $3 AND (claim IS NULL OR due_at <= clock_timestamp())", id)
}

func (m marks) claim(ctx context.Context, which string, argument any) ([]mark, error) {
	rows, err := m.db.QueryContext(ctx, `
		UPDATE sync_marks SET claim = $1, attempts = attempts + 1, updated_at = clock_timestamp(),
			due_at = clock_timestamp() + $2 * interval '1 second'
		WHERE id IN (SELECT id FROM sync_marks WHERE `+which+` FOR UPDATE SKIP LOCKED)
		RETURNING `+markColumns, uuid.New(), lease.Seconds(), argument)
	if err != nil {
		return nil, fmt.Errorf("claim sync marks: %w", err)
	}
	return scanMarks(rows)
}

func scanMarks(rows *sql.Rows) (found []mark, err error) {
	defer rows.Close()
	for rows.Next() {
		var m mark
		var id uuid.UUID
		if err := rows.Scan(&m.id, &m.object.Namespace, &id, &m.version, &m.claim); err != nil {
			return nil, fmt.Errorf("read sync marks: %w", err)
		}
		m.object.ID = id.String()
		found = append(found, m)
	}
	return found, rows.Err()
}

// settled ends the claims on objects that have been synced. A mark goes, unless
//   - the row has changed since: then it is due again, or
//   - an earlier attempt failed, and what it sent may still arrive: then it is due
//     once more when that can no longer be.
//
// Objects whose claim was taken for lost meanwhile are marked again: somebody else
// may have synced them at the same time.
func (m marks) settled(ctx context.Context, done ...mark) error {
	left, err := m.finish(ctx, `
		DELETE FROM sync_marks USING done
		WHERE sync_marks.id = done.id AND sync_marks.claim = done.claim AND sync_marks.version = done.version
			AND attempts = 1 AND (settles_at IS NULL OR settles_at <= clock_timestamp())
		RETURNING done.id`, done)
	if err != nil || len(left) == 0 {
		return err
	}
	lost, err := m.finish(ctx, `
		UPDATE sync_marks SET claim = NULL, failure = NULL, attempts = 0, updated_at = clock_timestamp(),
			settles_at = CASE WHEN attempts > 1 THEN clock_timestamp() + $4 * interval '1 second' ELSE settles_at END,
			due_at = CASE WHEN sync_marks.version <> done.version THEN clock_timestamp()
				WHEN attempts > 1 THEN clock_timestamp() + $4 * interval '1 second'
				ELSE settles_at END
		FROM done WHERE sync_marks.id = done.id AND sync_marks.claim = done.claim
		RETURNING done.id`, left, settleTime.Seconds())
	if err != nil || len(lost) == 0 {
		return err
	}
	objects := make([]Object, len(lost))
	for i, l := range lost {
		objects[i] = l.object
	}
	return m.again(ctx, objects)
}

// failed ends the claims on objects that could not be synced, to try them again
// later, and later every time. If a claim was taken for lost, somebody else is
// trying.
func (m marks) failed(ctx context.Context, cause error, done ...mark) error {
	_, err := m.finish(ctx, `
		UPDATE sync_marks SET claim = NULL, failure = $4, updated_at = clock_timestamp(),
			due_at = clock_timestamp() + least($5, 0.5 * 2 ^ least(attempts, 10)) * (0.75 + random() / 2) * interval '1 second'
		FROM done WHERE sync_marks.id = done.id AND sync_marks.claim = done.claim
		RETURNING done.id`, done, cause.Error(), slowest.Seconds())
	return err
}

// finish runs a statement on marks, which are its table done, and returns those
// that it leaves.
func (m marks) finish(ctx context.Context, statement string, done []mark, arguments ...any) (left []mark, err error) {
	ids, claims, versions := make([]string, len(done)), make([]string, len(done)), make([]int64, len(done))
	for i, d := range done {
		ids[i], claims[i], versions[i] = d.id.String(), d.claim.UUID.String(), int64(d.version)
	}
	rows, err := m.db.QueryContext(ctx,
		`WITH done AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS given (id, claim, version)) `+statement,
		append([]any{pq.Array(ids), pq.Array(claims), pq.Array(versions)}, arguments...)...)
	if err != nil {
		return nil, fmt.Errorf("finish sync marks: %w", err)
	}
	defer rows.Close()
	finished := map[uuid.UUID]bool{}
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read sync marks: %w", err)
		}
		finished[id] = true
	}
	for _, d := range done {
		if !finished[d.id] {
			left = append(left, d)
		}
	}
	return left, rows.Err()
}

// exists says whether a mark is there: when it has gone, its object is synced.
func (m marks) exists(ctx context.Context, id uuid.UUID) (bool, error) {
	return m.db.SyncMark.Query().Where(syncmark.ID(id)).Exist(ctx)
}

// next is the time until a mark is due, at most limit.
func (m marks) next(ctx context.Context, limit time.Duration) (time.Duration, error) {
	var seconds float64
	err := m.scan(ctx, `
		SELECT least($1, coalesce(extract(epoch FROM min(due_at) - clock_timestamp()), $1)) FROM sync_marks`,
		[]any{limit.Seconds()}, &seconds)
	return time.Duration(seconds * float64(time.Second)), err
}

// scan reads one row.
func (m marks) scan(ctx context.Context, query string, arguments []any, into ...any) (err error) {
	rows, err := m.db.QueryContext(ctx, query, arguments...)
	if err != nil {
		return fmt.Errorf("look at sync marks: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("look at sync marks: %w", err)
		}
	}
	return rows.Err()
}

// Backlog is what is left to sync.
type Backlog struct {
	// Waiting is the number of objects that Keto may not be in step with.
	Waiting int
	// Failing is how many of those have failed at least three times in a row.
	Failing int
	// Oldest is since when the first of them has been waiting.
	Oldest time.Duration
}

// backlog counts the marks; those that are only looked at once more do not count.
func (m marks) backlog(ctx context.Context) (b Backlog, err error) {
	var seconds float64
	err = m.scan(ctx, `
		SELECT count(*), count(*) FILTER (WHERE failure IS NOT NULL AND attempts >= 3),
			coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)
		FROM sync_marks WHERE attempts > 0 OR settles_at IS NULL`, nil, &b.Waiting, &b.Failing, &seconds)
	b.Oldest = time.Duration(seconds * float64(time.Second))
	return b, err
}
