package projection

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// insert enqueues an object in a transaction of its own, as a change of its row does.
func insert(t *testing.T, db dbtest.Database, object keto.Object) entry {
	t.Helper()
	tx, err := db.Client.Tx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entries, err := enqueue(t.Context(), tx, []keto.Object{object}, uuid.New())
	if err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return entries[0]
}

// state is what the tests look at of the only entry.
type state struct {
	Exists, Claimed, Due, Recheck, Failed bool
	Version                               int
}

func stateOf(t *testing.T, db dbtest.Database) state {
	t.Helper()
	row, err := db.Client.OutboxEntry.Query().Only(t.Context())
	if ent.IsNotFound(err) {
		return state{}
	}
	if err != nil {
		t.Fatal(err)
	}
	return state{
		Exists: true, Claimed: row.Claim != nil, Due: !row.DueAt.After(time.Now()),
		Recheck: row.RecheckAt != nil, Failed: row.LastError != nil, Version: row.Version,
	}
}

// expire lets the time of the entry come: its claim expires, or it becomes due.
func expire(t *testing.T, db dbtest.Database) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `UPDATE outbox_entries SET due_at = clock_timestamp() - interval '1 second',
		recheck_at = CASE WHEN recheck_at IS NOT NULL THEN clock_timestamp() - interval '1 second' END`)
	if err != nil {
		t.Fatal(err)
	}
}

// TestOutbox_States walks through the table of states in the package's documentation.
func TestOutbox_States(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	type step func(t *testing.T, db dbtest.Database, o outbox, e *entry)
	change := func(t *testing.T, db dbtest.Database, _ outbox, e *entry) { t.Helper(); insert(t, db, e.object()) }
	claimDue := func(t *testing.T, _ dbtest.Database, o outbox, e *entry) {
		t.Helper()
		found, err := o.claimDue(t.Context(), 1)
		if err != nil || len(found) != 1 {
			t.Fatalf("claim: %d entries, %v; want 1", len(found), err)
		}
		*e = found[0]
	}
	complete := func(t *testing.T, _ dbtest.Database, o outbox, e *entry) {
		t.Helper()
		if err := o.complete(t.Context(), *e); err != nil {
			t.Fatal(err)
		}
	}
	fail := func(t *testing.T, _ dbtest.Database, o outbox, e *entry) {
		t.Helper()
		if err := o.fail(t.Context(), boom, *e); err != nil {
			t.Fatal(err)
		}
	}
	timePasses := func(t *testing.T, db dbtest.Database, _ outbox, _ *entry) { t.Helper(); expire(t, db) }
	othersClaim := func(t *testing.T, _ dbtest.Database, o outbox, _ *entry) {
		t.Helper()
		if found, err := o.claimDue(t.Context(), 1); err != nil || len(found) != 1 {
			t.Fatalf("another process claims %d entries, %v; want 1", len(found), err)
		}
	}
	othersSync := func(t *testing.T, db dbtest.Database, o outbox, _ *entry) {
		t.Helper()
		var other entry
		claimDue(t, db, o, &other)
		complete(t, db, o, &other)
	}
	release := func(t *testing.T, _ dbtest.Database, o outbox, e *entry) {
		t.Helper()
		if err := o.release(t.Context(), []entry{*e}); err != nil {
			t.Fatal(err)
		}
	}

	for name, test := range map[string]struct {
		steps []step
		want  state
	}{
		"a change":                            {nil, state{Exists: true, Claimed: true, Version: 1}},
		"another change meanwhile":            {[]step{change}, state{Exists: true, Claimed: true, Version: 2}},
		"success":                             {[]step{complete}, state{}},
		"success after another change":        {[]step{change, complete}, state{Exists: true, Due: true, Version: 2}},
		"failure":                             {[]step{fail}, state{Exists: true, Failed: true, Version: 1}},
		"failure, success":                    {[]step{fail, timePasses, claimDue, complete}, state{Exists: true, Recheck: true, Version: 1}},
		"failure, success, recheck":           {[]step{fail, timePasses, claimDue, complete, timePasses, claimDue, complete}, state{}},
		"failure, success, failed recheck":    {[]step{fail, timePasses, claimDue, complete, timePasses, claimDue, fail}, state{Exists: true, Failed: true, Recheck: true, Version: 1}},
		"crash, another process succeeds":     {[]step{timePasses, claimDue, complete}, state{Exists: true, Recheck: true, Version: 1}},
		"expired claim, success of its owner": {[]step{timePasses, othersClaim, complete}, state{Exists: true, Claimed: true, Version: 2}},
		"expired claim, failure of its owner": {[]step{timePasses, othersClaim, fail}, state{Exists: true, Claimed: true, Version: 2}},
		"expired claim, failure of its owner after others have finished": {
			[]step{timePasses, othersSync, timePasses, othersSync, fail}, state{Exists: true, Due: true, Version: 1},
		},
		"expired claim, failure of its owner after others have finished, success": {
			[]step{timePasses, othersSync, timePasses, othersSync, fail, claimDue, complete}, state{Exists: true, Recheck: true, Version: 1},
		},
		"out of time before the attempt": {[]step{release}, state{Exists: true, Due: true, Version: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			e := insert(t, db, keto.ObjectOf(keto.CatProfile, uuid.New()))
			for _, step := range test.steps {
				step(t, db, outbox{db: db.Client}, &e)
			}
			if got := stateOf(t, db); got != test.want {
				t.Errorf("the entry is %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestOutbox_ClaimsAreExclusive(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	o := outbox{db: db.Client}
	e := insert(t, db, keto.ObjectOf(keto.CatProfile, uuid.New()))
	if found, err := o.claimOne(t.Context(), e.ID); err != nil || len(found) != 0 {
		t.Errorf("a claimed entry is claimed again: %v, %v", found, err)
	}
	claimObject := func() ([]entry, error) {
		return o.claimObjects(t.Context(), e.Namespace, []string{e.ObjectID})
	}
	if found, err := claimObject(); err != nil || len(found) != 0 {
		t.Errorf("an object whose entry is claimed is claimed again: %v, %v", found, err)
	}
	expire(t, db)
	if found, err := claimObject(); err != nil || len(found) != 1 || found[0].ID != e.ID {
		t.Errorf("an object whose claim has expired: %v, %v; want its entry", found, err)
	}
	expire(t, db)
	const processes = 8
	claimed := make(chan int, processes)
	for range processes {
		go func() {
			found, err := o.claimDue(context.WithoutCancel(t.Context()), 1)
			if err != nil {
				t.Error(err)
			}
			claimed <- len(found)
		}()
	}
	total := 0
	for range processes {
		total += <-claimed
	}
	if total != 1 {
		t.Errorf("%d of %d processes have claimed an expired entry, want 1", total, processes)
	}
}

func TestOutbox_Backlog(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	o := outbox{db: db.Client}
	for range 3 {
		insert(t, db, keto.ObjectOf(keto.CatProfile, uuid.New()))
	}
	failing := insert(t, db, keto.ObjectOf(keto.CatProfile, uuid.New()))
	for range 3 {
		if err := o.fail(t.Context(), errors.New("boom"), failing); err != nil {
			t.Fatal(err)
		}
		found, err := o.claimOne(t.Context(), failing.ID)
		if err != nil || len(found) != 1 {
			t.Fatalf("claim: %d entries, %v", len(found), err)
		}
		failing = found[0]
	}
	b, err := o.backlog(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if b.Pending != 4 || b.Failing != 1 || b.Oldest <= 0 {
		t.Errorf("the backlog is %+v, want 4 pending, 1 failing", b)
	}
}

// TestOutbox_ClaimLimit claims from a table whose statistics are out of date: a plan that
// runs the subquery once per row would claim more than the limit.
func TestOutbox_ClaimLimit(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	db.SetMaxOpenConns(1) // The settings below are those of a connection.
	o := outbox{db: db.Client}
	insert(t, db, keto.ObjectOf(keto.CatProfile, uuid.New()))
	for _, statement := range []string{
		`SET enable_hashagg = off`, `SET enable_hashjoin = off`, `SET enable_mergejoin = off`, `SET enable_material = off`, `SET enable_sort = off`,
		`ANALYZE outbox_entries`,
		`ALTER TABLE outbox_entries SET (autovacuum_enabled = false)`,
		`INSERT INTO outbox_entries (id, created_at, updated_at, namespace, object_id, due_at)
			SELECT gen_random_uuid(), now(), now(), 'CatProfile', gen_random_uuid(), now() FROM generate_series(1, 60)`,
		`UPDATE outbox_entries SET due_at = now() - interval '1 second'`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	found, err := o.claimDue(t.Context(), 8)
	if err != nil || len(found) != 8 {
		t.Errorf("with the limit 8 %d of 61 entries are claimed, %v", len(found), err)
	}
}

// TestOutbox_RecheckBeginsAfterRecheckAt ends an attempt after recheck_at that began before.
func TestOutbox_RecheckBeginsAfterRecheckAt(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	o := outbox{db: db.Client}
	e := insert(t, db, keto.ObjectOf(keto.CatProfile, uuid.New()))
	if err := o.fail(t.Context(), errors.New("boom"), e); err != nil {
		t.Fatal(err)
	}
	for i := range 2 { // The second one is claimed before recheck_at.
		found, err := o.claimOne(t.Context(), e.ID)
		if err != nil || len(found) != 1 {
			t.Fatalf("claim %d: %d entries, %v; want 1", i, len(found), err)
		}
		if i == 1 {
			// recheck_at passes during the attempt.
			if _, err := db.ExecContext(t.Context(), `UPDATE outbox_entries SET recheck_at = clock_timestamp()`); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.complete(t.Context(), found...); err != nil {
			t.Fatal(err)
		}
	}
	if !stateOf(t, db).Exists {
		t.Error("the entry was deleted after an attempt that began before recheck_at; want another attempt")
	}
}
