package projection

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/internal/keto"
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
	// Busy is the number of differing objects that another process was syncing. Their
	// tuples are counted above.
	Busy int
}

// Differences returns the number of tuples that differed.
func (r Report) Differences() int { return r.Missing + r.Extra + r.Duplicate }

// Reconcile compares all tuples in Keto with the projection of all rows and, unless
// dryRun is set, repairs the differences. It may run while the system is in use: objects
// that another process is changing or syncing are left to that process.
//
// Keto neither sorts its tuples nor lists those of several objects. They are therefore
// all read once, into a temporary table, and compared there page by page: the memory
// needed is that of a page, and the number of calls that of the pages. Objects that may
// have been synced since they were read are synced one by one instead of being repaired
// from the table.
//
// progress is called with the interim report after every page.
func (s *Syncer) Reconcile(ctx context.Context, db *sql.DB, dryRun bool, progress func(Report)) (report Report, err error) {
	if !dryRun {
		if _, err := s.drain(ctx); err != nil {
			return report, err
		}
	}
	// A temporary table belongs to one connection. There is no transaction.
	conn, err := db.Conn(ctx)
	if err != nil {
		return report, fmt.Errorf("open a connection for the reconciliation: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	r := reconciliation{syncer: s, conn: conn, dryRun: dryRun, progress: progress}
	err = r.run(ctx)
	return r.report, err
}

// maxClockSkew is how far the clocks of processes that write rows may differ from the
// database's clock.
const maxClockSkew = 5 * time.Second

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
	objects := fmt.Sprintf(`
		(SELECT id FROM %s WHERE id > $1::uuid ORDER BY id LIMIT $2) UNION
		(SELECT DISTINCT id FROM keto_tuples WHERE id > $1::uuid ORDER BY id LIMIT $2)
		ORDER BY id LIMIT $2`, entity.Table)
	repair := func(ctx context.Context, differing []keto.Object, have map[string][]keto.Tuple) error {
		return r.repair(ctx, entity, differing, have)
	}
	if err := r.compare(ctx, entity.Namespace, objects, uuid.Nil.String(), repair); err != nil {
		return err
	}
	const strays = `SELECT DISTINCT object FROM keto_tuples WHERE id IS NULL AND object > $1 ORDER BY object LIMIT $2`
	return r.compare(ctx, entity.Namespace, strays, "", r.deleteAll)
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

// compare compares the objects of a namespace page by page. query selects the ids of
// the next page after last. repair gets the objects of a page that differ.
func (r *reconciliation) compare(
	ctx context.Context, namespace keto.Namespace, query, last string,
	repair func(context.Context, []keto.Object, map[string][]keto.Tuple) error,
) error {
	for {
		ids, err := r.ids(ctx, query, last, objectsPerPage)
		if err != nil || len(ids) == 0 {
			return err
		}
		last = ids[len(ids)-1]
		have, err := r.have(ctx, namespace, ids)
		if err != nil {
			return err
		}
		want, err := project(ctx, r.syncer.db, namespace, ids)
		if err != nil {
			return err
		}
		var differing []keto.Object
		for _, id := range ids {
			d := diff(want[id], have[id])
			if d.Len() > 0 {
				differing = append(differing, keto.Object{Namespace: namespace, ID: id})
			}
			r.report.Missing += len(d.Missing)
			r.report.Extra += len(d.Extra)
			r.report.Duplicate += len(d.Duplicate)
		}
		if len(differing) > 0 && !r.dryRun {
			if err := repair(ctx, differing, have); err != nil {
				return err
			}
		}
		r.report.Objects += len(ids)
		r.progress(r.report)
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

// repair repairs the objects that no other process is syncing.
func (r *reconciliation) repair(ctx context.Context, entity Entity, differing []keto.Object, have map[string][]keto.Tuple) error {
	s := r.syncer
	claimed, err := s.outbox.claimNew(ctx, differing)
	if err != nil {
		return err
	}
	r.report.Busy += len(differing) - len(claimed)
	stale, err := r.stale(ctx, entity, claimed)
	if err != nil {
		return errors.Join(err, s.outbox.fail(ctx, err, claimed...))
	}
	group := new(errgroup.Group)
	group.SetLimit(syncConcurrency)
	current := claimed[:0]
	for _, e := range claimed {
		if stale[e.object.ID] {
			group.Go(func() error { return s.syncEntry(ctx, e) })
		} else {
			current = append(current, e)
		}
	}
	return errors.Join(r.repairTogether(ctx, current, have), group.Wait())
}

// stale returns the objects whose tuples in the temporary table may be out of date:
// their rows have changed since Keto was read, or they were in the outbox then.
func (r *reconciliation) stale(ctx context.Context, entity Entity, claimed []entry) (map[string]bool, error) {
	found, err := r.ids(ctx, `SELECT id FROM pending_before WHERE id = ANY ($1::uuid[]) UNION `+entity.ChangedSince,
		pq.Array(idsOf(claimed)), r.started.Add(-maxClockSkew))
	if err != nil {
		return nil, err
	}
	stale := make(map[string]bool, len(found))
	for _, id := range found {
		stale[id] = true
	}
	return stale, nil
}

// repairTogether repairs claimed objects from the temporary table, in as few calls as
// possible, and ends the claims.
func (r *reconciliation) repairTogether(ctx context.Context, claimed []entry, have map[string][]keto.Tuple) error {
	if len(claimed) == 0 {
		return nil
	}
	s := r.syncer
	attempt, cancel := context.WithTimeout(ctx, syncTimeout)
	defer cancel()
	err := r.applyDiffs(attempt, claimed, have)
	s.count(err, len(claimed))
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	if err != nil {
		return errors.Join(err, s.outbox.fail(ctx, err, claimed...))
	}
	return s.outbox.complete(ctx, claimed...)
}

// applyDiffs projects the rows again, now that the objects are claimed, and writes the
// differences.
func (r *reconciliation) applyDiffs(ctx context.Context, claimed []entry, have map[string][]keto.Tuple) error {
	ids := idsOf(claimed)
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

// deleteAll deletes the tuples of objects that cannot exist.
func (r *reconciliation) deleteAll(ctx context.Context, strays []keto.Object, have map[string][]keto.Tuple) error {
	var all Diff
	for _, stray := range strays {
		all.Extra = append(all.Extra, diff(nil, have[stray.ID]).Extra...)
	}
	return apply(ctx, r.syncer.keto, all)
}

func idsOf(entries []entry) []string {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.object.ID
	}
	return ids
}
