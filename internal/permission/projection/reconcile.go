package projection

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/internal/permission/keto"
)

// objectsPerPage is how many objects are compared at a time. An object has two or three
// tuples, so a page is repaired in a few calls.
const objectsPerPage = 500

// Report is the result of a reconciliation.
type Report struct {
	// Objects is the number of objects that have a row or tuples. Tuples is the number
	// of tuples that Keto held.
	Objects, Tuples int
	// Missing, Extra and Duplicate count the tuples that differed.
	Missing, Extra, Duplicate int
	// Busy is the number of objects that another process was syncing. They are left to
	// that process.
	Busy int
}

// Differences returns the number of tuples that differed.
func (r Report) Differences() int { return r.Missing + r.Extra + r.Duplicate }

// ErrReconciling says that another reconciliation of the same database is running.
var ErrReconciling = errors.New("another reconciliation is running")

// reconcileLock is the key of the advisory lock that a reconciliation holds.
const reconcileLock = 0x6361747265636f6e // "catrecon"

// Reconcile compares all tuples in Keto with the projection of all rows and, unless
// dryRun is set, repairs the differences. It may run while the system is in use: objects
// that another process is changing or syncing are left to that process, and a difference
// counts only if it is still there when the object is looked at again. Only one
// reconciliation runs at a time; the error of others is [ErrReconciling].
//
// Keto neither sorts its tuples nor lists those of several objects. They are therefore
// all read once, into a temporary table, and compared there page by page: the memory
// needed is that of a page, and the number of calls that of the pages. Objects that may
// have been synced since they were read are looked at and synced one by one.
//
// progress is called with the interim report after every page.
func (s *Syncer) Reconcile(ctx context.Context, db *sql.DB, dryRun bool, progress func(Report)) (report Report, err error) {
	// The lock and the temporary tables belong to one connection. There is no
	// transaction.
	conn, err := db.Conn(ctx)
	if err != nil {
		return report, fmt.Errorf("open a connection for the reconciliation: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var locked bool
	if err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, int64(reconcileLock)).Scan(&locked); err != nil {
		return report, fmt.Errorf("lock the reconciliation: %w", err)
	}
	if !locked {
		return report, ErrReconciling
	}
	defer func() {
		_, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(reconcileLock))
		err = errors.Join(err, unlockErr)
	}()
	if !dryRun {
		if _, err := s.drain(ctx); err != nil {
			return report, err
		}
	}
	r := reconciliation{syncer: s, conn: conn, dryRun: dryRun, progress: progress}
	err = r.run(ctx)
	return r.report, err
}

// maxCommitDelay is how much later than the time in its row a change may be committed. A
// process sets the time before it sends the statement; then the statement may wait, for as
// long as a request or a statement may take, and the clocks may differ.
const maxCommitDelay = time.Minute

// reconciliation is one run of [Syncer.Reconcile].
type reconciliation struct {
	syncer   *Syncer
	conn     *sql.Conn
	dryRun   bool
	progress func(Report)
	report   Report
	started  time.Time
}

func (r *reconciliation) run(ctx context.Context) (err error) {
	if err := r.conn.QueryRowContext(ctx, `SELECT clock_timestamp()`).Scan(&r.started); err != nil {
		return fmt.Errorf("read the clock: %w", err)
	}
	_, err = r.conn.ExecContext(ctx, `CREATE TEMPORARY TABLE pending_before AS SELECT object_id AS id FROM outbox_entries`)
	if err != nil {
		return fmt.Errorf("copy the outbox: %w", err)
	}
	defer func() { err = errors.Join(err, r.drop(ctx, "pending_before")) }()
	for _, entity := range Entities() {
		if err := r.entity(ctx, entity); err != nil {
			return fmt.Errorf("reconcile namespace %s: %w", entity.Namespace, err)
		}
	}
	return nil
}

func (r *reconciliation) entity(ctx context.Context, entity Entity) (err error) {
	// The column id is null for objects whose id is not a UUID. They have no row;
	// somebody has written their tuples by hand.
	_, err = r.conn.ExecContext(ctx, `CREATE TEMPORARY TABLE keto_tuples (
		object text COLLATE "C", id uuid, relation text, subject_namespace text, subject text, subject_relation text)`)
	if err != nil {
		return fmt.Errorf("create a table for Keto's tuples: %w", err)
	}
	defer func() { err = errors.Join(err, r.drop(ctx, "keto_tuples")) }()
	if err := r.read(ctx, entity.Namespace); err != nil {
		return err
	}
	if entity.Table == "" {
		const objects = `SELECT id FROM unnest($3::text[]) AS fixed (id) WHERE id COLLATE "C" > $1 ORDER BY id COLLATE "C" LIMIT $2`
		return r.compare(ctx, entity, objects, "", pq.Array(entity.IDs))
	}
	objects := fmt.Sprintf(`
		(SELECT id FROM %s WHERE id > $1::uuid ORDER BY id LIMIT $2) UNION
		(SELECT DISTINCT id FROM keto_tuples WHERE id > $1::uuid ORDER BY id LIMIT $2)
		ORDER BY id LIMIT $2`, entity.Table)
	if err := r.compare(ctx, entity, objects, uuid.Nil.String()); err != nil {
		return err
	}
	const strays = `SELECT DISTINCT object FROM keto_tuples WHERE id IS NULL AND object > $1 ORDER BY object LIMIT $2`
	return r.compare(ctx, entity, strays, "")
}

// drop drops a temporary table, because the connection goes back to the pool.
func (r *reconciliation) drop(ctx context.Context, table string) error {
	if _, err := r.conn.ExecContext(context.WithoutCancel(ctx), "DROP TABLE "+table); err != nil {
		return fmt.Errorf("drop the temporary table: %w", err)
	}
	return nil
}

// read copies the tuples of a namespace into the temporary table.
func (r *reconciliation) read(ctx context.Context, namespace keto.Namespace) error {
	for page, err := range r.syncer.keto.Pages(ctx, namespace) {
		if err != nil {
			return err
		}
		columns := make([][]string, 5)
		ids := make([]uuid.NullUUID, len(page))
		for i, t := range page {
			for c, value := range []string{
				t.Object.ID, string(t.Relation), string(t.Subject.Namespace), t.Subject.ID, string(t.Subject.Relation),
			} {
				columns[c] = append(columns[c], value)
			}
			id, err := uuid.Parse(t.Object.ID)
			ids[i] = uuid.NullUUID{UUID: id, Valid: err == nil && id != uuid.Nil && id.String() == t.Object.ID}
		}
		_, err := r.conn.ExecContext(ctx, `
			INSERT INTO keto_tuples (object, id, relation, subject_namespace, subject, subject_relation)
			SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])`,
			pq.Array(columns[0]), pq.Array(ids), pq.Array(columns[1]), pq.Array(columns[2]), pq.Array(columns[3]), pq.Array(columns[4]))
		if err != nil {
			return fmt.Errorf("store Keto's tuples: %w", err)
		}
		r.report.Tuples += len(page)
		r.progress(r.report)
	}
	for _, statement := range []string{`CREATE INDEX ON keto_tuples (id)`, `CREATE INDEX ON keto_tuples (object)`, `ANALYZE keto_tuples`} {
		if _, err := r.conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("index Keto's tuples: %w", err)
		}
	}
	return nil
}

// compare compares the objects of a namespace page by page and repairs those that differ.
// query selects the ids of the next page after last.
func (r *reconciliation) compare(ctx context.Context, entity Entity, query, last string, arguments ...any) error {
	for {
		ids, err := r.ids(ctx, query, append([]any{last, objectsPerPage}, arguments...)...)
		if err != nil || len(ids) == 0 {
			return err
		}
		last = ids[len(ids)-1]
		if err := r.comparePage(ctx, entity, ids); err != nil {
			return err
		}
		r.report.Objects += len(ids)
		r.progress(r.report)
	}
}

func (r *reconciliation) comparePage(ctx context.Context, entity Entity, ids []string) error {
	have, err := r.have(ctx, entity.Namespace, ids)
	if err != nil {
		return err
	}
	want, err := project(ctx, r.syncer.db, entity.Namespace, ids)
	if err != nil {
		return err
	}
	var differing []string
	for _, id := range ids {
		if diff(want[id], have[id]).Len() > 0 {
			differing = append(differing, id)
		}
	}
	if len(differing) == 0 {
		return nil
	}
	stale, err := r.stale(ctx, entity, differing)
	if err != nil {
		return err
	}
	// Differences in objects that cannot have been synced since Keto was read are certain
	// and repaired together. The others are looked at again, one by one. Duplicates are
	// repaired one by one too: until both calls are made, the tuple is missing.
	var together, single []keto.Object
	for _, id := range differing {
		object := keto.Object{Namespace: entity.Namespace, ID: id}
		d := diff(want[id], have[id])
		certain := !stale[id] && len(want[id]) > 0 // Without a row, it may have just been deleted.
		if !certain {
			var busy bool
			if d, busy, err = r.confirm(ctx, object); err != nil {
				return err
			}
			if busy {
				r.report.Busy++
			}
		}
		switch {
		case d.Len() == 0:
			continue
		case certain && len(d.Duplicate) == 0:
			together = append(together, object)
		default:
			single = append(single, object)
		}
		r.report.Missing += len(d.Missing)
		r.report.Extra += len(d.Extra)
		r.report.Duplicate += len(d.Duplicate)
	}
	if r.dryRun {
		return nil
	}
	return errors.Join(r.repairTogether(ctx, entity, together, have), r.repairSingle(ctx, single))
}

// confirm looks at an object again, until two readings in a row agree or another process
// is syncing it (busy).
func (r *reconciliation) confirm(ctx context.Context, object keto.Object) (d Diff, busy bool, err error) {
	for first := true; ; first = false {
		pending, err := r.syncer.outbox.pending(ctx, object.Namespace, []string{object.ID})
		if err != nil || pending[object.ID] {
			return Diff{}, true, err
		}
		have, err := r.syncer.keto.List(ctx, object)
		if err != nil {
			return Diff{}, false, err
		}
		want, err := project(ctx, r.syncer.db, object.Namespace, []string{object.ID})
		if err != nil {
			return Diff{}, false, err
		}
		again := diff(want[object.ID], have)
		if again.Len() == 0 || !first && again.equal(d) {
			return again, false, nil
		}
		d = again
	}
}

// ids runs a query for ids.
func (r *reconciliation) ids(ctx context.Context, query string, arguments ...any) (ids []string, err error) {
	rows, err := r.conn.QueryContext(ctx, query, arguments...)
	if err != nil {
		return nil, fmt.Errorf("list objects: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("list objects: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// have returns the tuples that Keto held of a page of objects.
func (r *reconciliation) have(ctx context.Context, namespace keto.Namespace, ids []string) (have map[string][]keto.Tuple, err error) {
	rows, err := r.conn.QueryContext(ctx, `
		SELECT object, relation, subject_namespace, subject, subject_relation FROM keto_tuples WHERE object = ANY ($1)`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("look up tuples: %w", err)
	}
	defer rows.Close()
	have = map[string][]keto.Tuple{}
	for rows.Next() {
		t := keto.Tuple{Object: keto.Object{Namespace: namespace}}
		if err := rows.Scan(&t.Object.ID, &t.Relation, &t.Subject.Namespace, &t.Subject.ID, &t.Subject.Relation); err != nil {
			return nil, fmt.Errorf("look up tuples: %w", err)
		}
		have[t.Object.ID] = append(have[t.Object.ID], t)
	}
	return have, rows.Err()
}

// stale returns the objects whose tuples in the temporary table may be out of date: they
// have been synced since Keto was read, or are being synced.
func (r *reconciliation) stale(ctx context.Context, entity Entity, ids []string) (map[string]bool, error) {
	stale, err := r.synced(ctx, entity, ids)
	if err != nil {
		return nil, err
	}
	pending, err := r.syncer.outbox.pending(ctx, entity.Namespace, ids)
	maps.Copy(stale, pending)
	return stale, err
}

// synced returns the objects that may have been synced since Keto was read: their rows
// have changed since, or they were in the outbox then.
func (r *reconciliation) synced(ctx context.Context, entity Entity, ids []string) (map[string]bool, error) {
	found, err := r.ids(ctx, `
		SELECT id FROM pending_before WHERE id = ANY ($1::text[])
		UNION `+entity.ChangedSince, pq.Array(canonical(entity, ids)), r.started.Add(-maxCommitDelay))
	return setOf(found), err
}

// canonical drops the ids that no row can have, because ChangedSince could not parse
// them.
func canonical(entity Entity, ids []string) []string {
	if entity.Table == "" {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return len(parseIDs([]string{id})) == 0 })
}

// repairChunk is how many objects are claimed and repaired together. That takes much less
// time than their claims hold.
const repairChunk = 250

// repairTogether repairs objects from the temporary table, in as few calls as possible.
func (r *reconciliation) repairTogether(
	ctx context.Context, entity Entity, objects []keto.Object, have map[string][]keto.Tuple,
) error {
	s := r.syncer
	for chunk := range slices.Chunk(objects, repairChunk) {
		claimed, err := s.outbox.claimNew(ctx, chunk)
		if err != nil {
			return err
		}
		r.report.Busy += len(chunk) - len(claimed)
		// Only now nobody else syncs them. What was synced before the claim must not be
		// repaired from the table: the worker looks at it again.
		claimed, err = r.releaseSynced(ctx, entity, claimed)
		if err != nil {
			return err
		}
		if len(claimed) == 0 {
			continue
		}
		attempt, cancel := context.WithTimeout(ctx, syncTimeout)
		err = r.applyDiffs(attempt, claimed, have)
		cancel()
		s.count(err, len(claimed))
		finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
		if err != nil {
			err = errors.Join(err, s.outbox.fail(finish, err, claimed...))
		} else {
			err = s.outbox.complete(finish, claimed...)
		}
		cancel()
		if err != nil {
			return err
		}
	}
	return nil
}

// releaseSynced releases the claims on objects that may have been synced since Keto was
// read, and returns the others.
func (r *reconciliation) releaseSynced(ctx context.Context, entity Entity, claimed []entry) ([]entry, error) {
	ids := make([]string, len(claimed))
	for i, e := range claimed {
		ids[i] = e.object.ID
	}
	synced, err := r.synced(ctx, entity, ids)
	if err != nil || len(synced) == 0 {
		return claimed, err
	}
	var done, left []entry
	for _, e := range claimed {
		if synced[e.object.ID] {
			done = append(done, e)
		} else {
			left = append(left, e)
		}
	}
	r.report.Busy += len(done)
	return left, r.syncer.outbox.release(ctx, done)
}

// repairSingle syncs objects one by one, some of them concurrently.
func (r *reconciliation) repairSingle(ctx context.Context, objects []keto.Object) error {
	s := r.syncer
	for chunk := range slices.Chunk(objects, syncConcurrency) {
		claimed, err := s.outbox.claimNew(ctx, chunk)
		if err != nil {
			return err
		}
		r.report.Busy += len(chunk) - len(claimed)
		group := new(errgroup.Group)
		for _, e := range claimed {
			group.Go(func() error { return s.syncEntry(ctx, e) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// applyDiffs projects the rows again, now that the objects are claimed, and writes the
// differences.
func (r *reconciliation) applyDiffs(ctx context.Context, claimed []entry, have map[string][]keto.Tuple) error {
	ids := make([]string, len(claimed))
	for i, e := range claimed {
		ids[i] = e.object.ID
	}
	want, err := project(ctx, r.syncer.db, claimed[0].object.Namespace, ids)
	if err != nil {
		return err
	}
	var all Diff
	for _, id := range ids {
		d := diff(want[id], have[id])
		all.Missing = append(all.Missing, d.Missing...)
		all.Extra = append(all.Extra, d.Extra...)
		all.Duplicate = append(all.Duplicate, d.Duplicate...)
	}
	return apply(ctx, r.syncer.keto, all)
}

func setOf(ids []string) map[string]bool {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}
