package projection

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"

	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/database"
)

const (
	// objectsPerPage is how many objects are compared together.
	objectsPerPage = 1000
	// syncBatch is how many objects are synced together. Each is listed once, some at the same time, and has two or
	// three tuples, which are written in one call: batchTimeout is enough for a Keto that takes half a second, and the
	// deadline of the call for one that needs 25 ms for each tuple.
	syncBatch = 50
	// syncBatches is how many batches are synced at the same time: while Keto writes one, another one is listed.
	syncBatches = 2
	// busyWait is how long objects that other processes have claimed are waited for. The claim
	// of a process that has died has expired by then.
	busyWait = lease + time.Second
)

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

// Progress says how far a reconciliation is.
type Progress struct {
	// Namespace is that of the objects that are compared now.
	Namespace keto.Namespace
	// Tuples of the namespace have been read. Then Objects of Total have been compared; Total is 0 before.
	Tuples, Objects, Total int
	// Differences is the number of tuples of all namespaces that differed.
	Differences int
}

// ErrReconciling says that another reconciliation of the same database is running.
var ErrReconciling = errors.New("another reconciliation is running")

// dropTables drops the temporary tables of a namespace.
const dropTables = `DROP TABLE IF EXISTS keto_tuples, compared_objects`

// reconcileLock is the key of the advisory lock that a reconciliation holds.
const reconcileLock = 0x6361747265636f6e // "catrecon"

// Reconcile compares all tuples in Keto with the projection of all rows and, unless dryRun is
// set, syncs the objects that differ. It may run while the system is in use. Only one
// reconciliation runs at a time; the error of others is [ErrReconciling].
//
// Keto neither sorts its tuples nor lists those of several objects. They are therefore all read
// once, into a temporary table, and compared there page by page: the memory needed is that of a
// page. What was read may be out of date, so an object that differs gets an outbox entry, and is
// synced like any other before Reconcile returns. That second look counts: the report has the
// tuples that syncing has changed. If the process dies, the entries stay, and a worker or the
// next reconciliation syncs them. If ctx is done, what is being synced is finished first, and the report
// says what was compared until then. A dry run writes nothing, and looks again as well.
//
// progress is called after every page of tuples and of objects.
func (s *Syncer) Reconcile(ctx context.Context, db *sql.DB, dryRun bool, progress func(Progress)) (report Report, err error) {
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
	r := reconciliation{syncer: s, conn: conn, dryRun: dryRun, progress: progress}
	defer func() { // The connection goes back to the pool.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
		defer cancel()
		unlock := fmt.Sprintf(`SELECT pg_advisory_unlock(%d)`, reconcileLock)
		err = errors.Join(err, r.exec(ctx, unlock, dropTables))
	}()
	for _, entity := range Entities() {
		if err := r.compare(ctx, entity); err != nil {
			return r.report, fmt.Errorf("reconcile namespace %s: %w", entity.Namespace, err)
		}
	}
	return r.report, nil
}

// reconciliation is one run of [Syncer.Reconcile].
type reconciliation struct {
	syncer   *Syncer
	conn     *sql.Conn
	dryRun   bool
	progress func(Progress)

	mu     sync.Mutex
	report Report
}

// exec executes statements on the connection of the reconciliation.
func (r *reconciliation) exec(ctx context.Context, statements ...string) error {
	for _, statement := range statements {
		if _, err := r.conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("prepare the comparison: %w", err)
		}
	}
	return nil
}

// compare compares the objects of a namespace page by page, in the order of their ids.
func (r *reconciliation) compare(ctx context.Context, entity Entity) error {
	at := Progress{Namespace: entity.Namespace, Differences: r.report.Differences()}
	if err := r.read(ctx, entity, &at); err != nil {
		return err
	}
	for last := ""; ; {
		ids, err := database.Select[string](ctx, r.conn,
			`SELECT id FROM compared_objects WHERE id > $1 ORDER BY id LIMIT $2`, last, objectsPerPage)
		if err != nil {
			return fmt.Errorf("list a page of objects: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		last = ids[len(ids)-1]
		if err := r.comparePage(ctx, entity, ids); err != nil {
			return err
		}
		r.report.Objects += len(ids)
		at.Objects, at.Differences = at.Objects+len(ids), r.report.Differences()
		r.progress(at)
	}
}

// read copies the tuples of a namespace into a temporary table, and the ids of all objects that
// have tuples or a row into another one.
func (r *reconciliation) read(ctx context.Context, entity Entity, at *Progress) error {
	if err := r.exec(ctx, dropTables, `CREATE TEMPORARY TABLE keto_tuples (object text COLLATE "C", tuple text)`); err != nil {
		return err
	}
	for page, err := range r.syncer.keto.Pages(ctx, entity.Namespace) {
		if err != nil {
			return err
		}
		if err := r.store(ctx, page); err != nil {
			return err
		}
		r.report.Tuples += len(page)
		at.Tuples += len(page)
		r.progress(*at)
	}
	rows := `VALUES ('` + strings.Join(entity.IDs, `'), ('`) + `')` // Constants of this program.
	if entity.Table != "" {
		rows = `SELECT id::text FROM ` + entity.Table
	}
	if err := r.exec(ctx,
		`CREATE TEMPORARY TABLE compared_objects AS SELECT object AS id FROM keto_tuples UNION `+rows,
		`CREATE INDEX ON compared_objects (id)`,
		`CREATE INDEX ON keto_tuples (object)`,
		`ANALYZE keto_tuples, compared_objects`); err != nil {
		return err
	}
	if err := r.conn.QueryRowContext(ctx, `SELECT count(*) FROM compared_objects`).Scan(&at.Total); err != nil {
		return fmt.Errorf("count the objects: %w", err)
	}
	r.progress(*at)
	return nil
}

// store copies a page of tuples into the temporary table.
func (r *reconciliation) store(ctx context.Context, page []keto.Tuple) error {
	objects, tuples := make([]string, len(page)), make([]string, len(page))
	for i, t := range page {
		encoded, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("encode tuple %s: %w", t, err)
		}
		objects[i], tuples[i] = t.Object.ID, string(encoded)
	}
	_, err := r.conn.ExecContext(ctx, `INSERT INTO keto_tuples SELECT * FROM unnest($1::text[], $2::text[])`,
		pq.Array(objects), pq.Array(tuples))
	if err != nil {
		return fmt.Errorf("store Keto's tuples: %w", err)
	}
	return nil
}

// held returns the tuples that Keto held of a page of objects.
func (r *reconciliation) held(ctx context.Context, ids []string) (map[string][]keto.Tuple, error) {
	encoded, err := database.Select[[]byte](ctx, r.conn, `SELECT tuple FROM keto_tuples WHERE object = ANY ($1)`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("look up tuples: %w", err)
	}
	held := map[string][]keto.Tuple{}
	for _, text := range encoded {
		var t keto.Tuple
		if err := json.Unmarshal(text, &t); err != nil {
			return nil, fmt.Errorf("decode tuple %s: %w", text, err)
		}
		held[t.Object.ID] = append(held[t.Object.ID], t)
	}
	return held, nil
}

func (r *reconciliation) comparePage(ctx context.Context, entity Entity, ids []string) error {
	have, err := r.held(ctx, ids)
	if err != nil {
		return err
	}
	want, err := project(ctx, r.syncer.db, entity, ids)
	if err != nil {
		return err
	}
	var differing []string
	var first Diff
	for _, id := range ids {
		if d := diff(want[id], have[id]); d.Len() > 0 {
			first.add(d)
			differing = append(differing, id)
		}
	}
	if r.dryRun {
		return r.confirm(ctx, entity.Namespace, differing, first)
	}
	return r.sync(ctx, entity.Namespace, differing)
}

// sync syncs objects in batches.
func (r *reconciliation) sync(ctx context.Context, namespace keto.Namespace, ids []string) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(syncBatches)
	for batch := range slices.Chunk(ids, syncBatch) {
		group.Go(func() error { return r.syncBatch(ctx, namespace, batch) })
	}
	return group.Wait()
}

// syncBatch syncs objects together. Those that another process has claimed are synced after its attempt. What is claimed is
// finished even if ctx is done: the deadline of the attempt is near.
func (r *reconciliation) syncBatch(ctx context.Context, namespace keto.Namespace, ids []string) error {
	for deadline := time.Now().Add(busyWait); len(ids) > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		claimed, err := r.syncer.outbox.claimObjects(context.WithoutCancel(ctx), namespace, ids)
		if err != nil {
			return err
		}
		if len(claimed) > 0 {
			d, err := r.syncer.sync(context.WithoutCancel(ctx), claimed...)
			if err != nil {
				return err
			}
			r.count(d, 0)
			synced := setOf(idsOf(claimed))
			ids = slices.DeleteFunc(ids, func(id string) bool { return synced[id] })
			continue
		}
		if time.Now().After(deadline) {
			r.count(Diff{}, len(ids))
			return nil
		}
		time.Sleep(pollLimit)
	}
	return nil
}

// confirm looks at objects again, and counts the tuples that differ as they did at the first look.
// What differs only because a sync is not finished has an outbox entry, and is left out.
func (r *reconciliation) confirm(ctx context.Context, namespace keto.Namespace, differing []string, first Diff) error {
	if len(differing) == 0 {
		return nil
	}
	ids, err := r.syncer.outbox.without(ctx, namespace, differing)
	if err != nil {
		return err
	}
	second, err := r.syncer.compare(ctx, namespace, ids)
	if err != nil {
		return err
	}
	settled, err := r.syncer.outbox.without(ctx, namespace, ids)
	r.count(first.and(second, settled), len(differing)-len(settled))
	return err
}

// count adds a difference, and objects that are left to another process, to the report.
func (r *reconciliation) count(d Diff, busy int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Missing += len(d.Missing)
	r.report.Extra += len(d.Extra)
	r.report.Duplicate += len(d.Duplicate)
	r.report.Busy += busy
}
