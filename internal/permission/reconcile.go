package permission

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"
)

// objectsPerPage is how many objects are compared at a time. They have two or three
// tuples each: what is wrong with a page goes to Keto in a few calls.
const objectsPerPage = 500

// Report is what a reconciliation has found.
type Report struct {
	// Objects is the number of objects that have rows or tuples; Tuples is how many
	// tuples Keto held.
	Objects, Tuples int
	// Missing, Extra and Duplicate are the numbers of tuples that were.
	Missing, Extra, Duplicate int
	// Busy is the number of objects that were not in step but are being synced
	// anyway. Their tuples are among those found.
	Busy int
}

// Found is the number of tuples that were wrong.
func (r Report) Found() int { return r.Missing + r.Extra + r.Duplicate }

// Reconcile compares everything that Keto holds with everything that it should,
// and repairs the difference unless it is a dry run. It may be used while the
// system is: objects that somebody is changing or syncing are left to them.
//
// Keto has no order to read its tuples in, and no way to ask for those of several
// objects. So all of them are read once, into a temporary table, and compared
// there page by page: the memory needed is that of a page, and the number of
// calls that of the pages. Objects that may have been synced since they were read
// are synced one by one instead. A repair goes by the rows at its own time.
//
// progress is told what has been done so far.
func (k *Keeper) Reconcile(ctx context.Context, db *sql.DB, dryRun bool, progress func(Report)) (report Report, err error) {
	if !dryRun {
		if _, err := k.work(ctx); err != nil { // What is known to be behind.
			return report, err
		}
	}
	// The temporary table belongs to the connection. There is no transaction.
	conn, err := db.Conn(ctx)
	if err != nil {
		return report, fmt.Errorf("open a connection for the reconciliation: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	r := reconciliation{keeper: k, conn: conn, dryRun: dryRun, progress: progress}
	err = r.run(ctx)
	return r.report, err
}

// skew is how much the clocks of programs that write rows may differ from that of
// the database.
const skew = 5 * time.Second

// reconciliation is one under way.
type reconciliation struct {
	keeper   *Keeper
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
	_, err = r.conn.ExecContext(ctx, `CREATE TEMPORARY TABLE marked_before AS SELECT object_id AS id FROM sync_marks`)
	if err != nil {
		return fmt.Errorf("remember the sync marks: %w", err)
	}
	defer func() { err = errors.Join(err, r.drop(ctx, "marked_before")) }()
	for _, namespace := range Namespaces() {
		table, isDerived := derived()[namespace]
		if !isDerived {
			continue
		}
		if err := r.namespace(ctx, namespace, table); err != nil {
			return fmt.Errorf("reconcile namespace %s: %w", namespace, err)
		}
	}
	return nil
}

func (r *reconciliation) namespace(ctx context.Context, namespace Namespace, table string) (err error) {
	// Objects whose id is no UUID have no row. Somebody has written their tuples by
	// hand.
	_, err = r.conn.ExecContext(ctx, `CREATE TEMPORARY TABLE keto_tuples (
		object text COLLATE "C", id uuid, relation text, subject_namespace text, subject text, subject_relation text)`)
	if err != nil {
		return fmt.Errorf("make a table for the tuples of Keto: %w", err)
	}
	defer func() { err = errors.Join(err, r.drop(ctx, "keto_tuples")) }()
	if err := r.read(ctx, namespace); err != nil {
		return err
	}
	rows := fmt.Sprintf(`
		(SELECT id FROM %s WHERE id > $1::uuid ORDER BY id LIMIT $2) UNION
		(SELECT DISTINCT id FROM keto_tuples WHERE id > $1::uuid ORDER BY id LIMIT $2)
		ORDER BY id LIMIT $2`, table)
	if err := r.compare(ctx, namespace, rows, uuid.Nil.String(), r.repair); err != nil {
		return err
	}
	const strays = `SELECT DISTINCT object FROM keto_tuples WHERE id IS NULL AND object > $1 ORDER BY object LIMIT $2`
	return r.compare(ctx, namespace, strays, "", r.remove)
}

// drop drops a temporary table, since the connection goes back to the others.
func (r *reconciliation) drop(ctx context.Context, table string) error {
	if _, err := r.conn.ExecContext(context.WithoutCancel(ctx), "DROP TABLE "+table); err != nil {
		return fmt.Errorf("drop the temporary table: %w", err)
	}
	return nil
}

// read copies the tuples of a namespace into the temporary table.
func (r *reconciliation) read(ctx context.Context, namespace Namespace) error {
	for page, err := range r.keeper.keto.Pages(ctx, namespace) {
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
			return fmt.Errorf("keep the tuples of Keto: %w", err)
		}
		r.report.Tuples += len(page)
		r.progress(r.report)
	}
	for _, statement := range []string{`CREATE INDEX ON keto_tuples (id)`, `CREATE INDEX ON keto_tuples (object)`, `ANALYZE keto_tuples`} {
		if _, err := r.conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("index the tuples of Keto: %w", err)
		}
	}
	return nil
}

// compare goes through objects of a namespace, page by page: query lists the ids
// of those behind the last one. What is wrong goes to mend.
func (r *reconciliation) compare(
	ctx context.Context, namespace Namespace, query, last string, mend func(context.Context, []Object, map[string][]Tuple) error,
) error {
	for {
		ids, err := r.ids(ctx, query, last)
		if err != nil || len(ids) == 0 {
			return err
		}
		last = ids[len(ids)-1]
		have, err := r.have(ctx, namespace, ids)
		if err != nil {
			return err
		}
		want, err := r.keeper.derive(ctx, namespace, ids)
		if err != nil {
			return err
		}
		var wrong []Object
		for _, id := range ids {
			d := difference(want[id], have[id])
			if d.Len() > 0 {
				wrong = append(wrong, Object{Namespace: namespace, ID: id})
			}
			r.report.Missing += len(d.Missing)
			r.report.Extra += len(d.Extra)
			r.report.Duplicate += len(d.Duplicate)
		}
		if len(wrong) > 0 && !r.dryRun {
			if err := mend(ctx, wrong, have); err != nil {
				return err
			}
		}
		r.report.Objects += len(ids)
		r.progress(r.report)
	}
}

// ids are those of a page of objects.
func (r *reconciliation) ids(ctx context.Context, query, last string) ([]string, error) {
	rows, err := r.conn.QueryContext(ctx, query, last, objectsPerPage)
	if err != nil {
		return nil, fmt.Errorf("list objects: %w", err)
	}
	return scanIDs(rows)
}

func scanIDs(rows *sql.Rows) (ids []string, err error) {
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

// have is what Keto held of a page of objects.
func (r *reconciliation) have(ctx context.Context, namespace Namespace, ids []string) (have map[string][]Tuple, err error) {
	rows, err := r.conn.QueryContext(ctx, `
		SELECT object, relation, subject_namespace, subject, subject_relation FROM keto_tuples WHERE object = ANY ($1)`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("look up tuples: %w", err)
	}
	defer rows.Close()
	have = map[string][]Tuple{}
	for rows.Next() {
		t := Tuple{Object: Object{Namespace: namespace}}
		if err := rows.Scan(&t.Object.ID, &t.Relation, &t.Subject.Namespace, &t.Subject.ID, &t.Subject.Relation); err != nil {
			return nil, fmt.Errorf("look up tuples: %w", err)
		}
		have[t.Object.ID] = append(have[t.Object.ID], t)
	}
	return have, rows.Err()
}

// repair mends objects that nobody else is syncing. Those that somebody is are left
// to them.
func (r *reconciliation) repair(ctx context.Context, wrong []Object, have map[string][]Tuple) error {
	k := r.keeper
	claimed, err := k.marks.take(ctx, wrong)
	if err != nil {
		return err
	}
	r.report.Busy += len(wrong) - len(claimed)
	fresh, err := r.fresh(ctx, claimed)
	if err != nil {
		return errors.Join(err, k.marks.failed(ctx, err, claimed...))
	}
	group := new(errgroup.Group)
	group.SetLimit(sideBySide)
	known := claimed[:0]
	for _, m := range claimed {
		if fresh[m.object.ID] {
			group.Go(func() error { return k.sync(ctx, m) })
		} else {
			known = append(known, m)
		}
	}
	return errors.Join(r.finish(ctx, known, have), group.Wait())
}

// fresh are the objects that may have been synced since Keto was read: their row
// has changed since, or they were marked then.
func (r *reconciliation) fresh(ctx context.Context, claimed []mark) (fresh map[string]bool, err error) {
	ids := make([]string, len(claimed))
	for i, m := range claimed {
		ids[i] = m.object.ID
	}
	rows, err := r.conn.QueryContext(ctx, `
		SELECT id FROM marked_before WHERE id = ANY ($1::uuid[])
		UNION SELECT id FROM cat_profiles WHERE id = ANY ($1::uuid[]) AND updated_at >= $2
		UNION SELECT id FROM fosterings WHERE id = ANY ($1::uuid[]) AND updated_at >= $2
		UNION SELECT cat_profile_id FROM fosterings WHERE cat_profile_id = ANY ($1::uuid[]) AND updated_at >= $2`,
		pq.Array(ids), r.started.Add(-skew))
	if err != nil {
		return nil, fmt.Errorf("look for objects that have just changed: %w", err)
	}
	found, err := scanIDs(rows)
	fresh = make(map[string]bool, len(found))
	for _, id := range found {
		fresh[id] = true
	}
	return fresh, err
}

// finish mends claimed objects and ends the claims.
func (r *reconciliation) finish(ctx context.Context, claimed []mark, have map[string][]Tuple) error {
	if len(claimed) == 0 {
		return nil
	}
	k := r.keeper
	attempt, cancel := context.WithTimeout(ctx, syncTimeout)
	defer cancel()
	err := r.mend(attempt, claimed, have)
	k.count(err, len(claimed))
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	if err != nil {
		return errors.Join(err, k.marks.failed(ctx, err, claimed...))
	}
	return k.marks.settled(ctx, claimed...)
}

// mend computes the difference anew, now that nobody else syncs the objects, and
// corrects it.
func (r *reconciliation) mend(ctx context.Context, claimed []mark, have map[string][]Tuple) error {
	ids := make([]string, len(claimed))
	for i, m := range claimed {
		ids[i] = m.object.ID
	}
	want, err := r.keeper.derive(ctx, claimed[0].object.Namespace, ids)
	if err != nil {
		return err
	}
	var all Difference
	for _, id := range ids {
		d := difference(want[id], have[id])
		all.Missing = append(all.Missing, d.Missing...)
		all.Extra = append(all.Extra, d.Extra...)
		all.Duplicate = append(all.Duplicate, d.Duplicate...)
	}
	return r.keeper.correct(ctx, all)
}

// remove removes the tuples of objects that cannot exist.
func (r *reconciliation) remove(ctx context.Context, strays []Object, have map[string][]Tuple) error {
	var all Difference
	for _, stray := range strays {
		all.Extra = append(all.Extra, difference(nil, have[stray.ID]).Extra...)
	}
	return r.keeper.correct(ctx, all)
}
