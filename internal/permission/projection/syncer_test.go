package projection

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// withoutKeto returns a syncer whose Keto refuses every connection.
func withoutKeto(db dbtest.Database) *Syncer {
	const nothing = "http://127.0.0.1:1"
	client := keto.NewClient(config.Keto{PublicURL: nothing, AdminURL: nothing}, nil)
	return NewSyncer(db.Client, client, slog.New(slog.DiscardHandler))
}

func TestSyncer_WriteWithoutKeto(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	object := keto.ObjectOf(keto.CatProfile, uuid.New())
	err := withoutKeto(db).Write(t.Context(), func(*ent.Tx) ([]keto.Object, error) { return []keto.Object{object}, nil })
	if err != nil {
		t.Errorf("a committed change: %v, want nil", err)
	}
	if got, want := stateOf(t, db), (state{Exists: true, Failed: true, Version: 1}); got != want {
		t.Errorf("the entry is %+v, want %+v", got, want)
	}
}

func TestSyncer_WriteRollsBack(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	boom := errors.New("boom")
	err := withoutKeto(db).Write(t.Context(), func(tx *ent.Tx) ([]keto.Object, error) {
		if err := tx.User.Create().SetName("Ada").SetEmail("ada@example.org").Exec(t.Context()); err != nil {
			return nil, err
		}
		return []keto.Object{keto.ObjectOf(keto.CatProfile, uuid.New())}, boom
	})
	if !errors.Is(err, boom) {
		t.Errorf("a failed change: %v, want %v", err, boom)
	}
	if n, err := db.Client.User.Query().Count(t.Context()); n != 0 || err != nil {
		t.Errorf("a failed change has left %d users, %v", n, err)
	}
	if got := stateOf(t, db); got.Exists {
		t.Errorf("a failed change has left the entry %+v", got)
	}
}

func TestSyncer_DrainClaimsNothingWithoutKeto(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	insert(t, db, keto.ObjectOf(keto.CatProfile, uuid.New()))
	expire(t, db)
	before := stateOf(t, db)
	if _, err := withoutKeto(db).drain(t.Context()); !errors.Is(err, keto.ErrUnavailable) {
		t.Errorf("drain: %v, want %v", err, keto.ErrUnavailable)
	}
	if after := stateOf(t, db); after != before {
		t.Errorf("the entry is %+v, want %+v as before", after, before)
	}
}

// TestSyncer_OutOfTime commits a change with more objects than there is time to sync.
func TestSyncer_OutOfTime(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	s := withoutKeto(db)
	const objects = 30
	claim := uuid.New()
	entries, err := s.commit(t.Context(), func(*ent.Tx) ([]keto.Object, error) {
		var changed []keto.Object
		for range objects {
			changed = append(changed, keto.ObjectOf(keto.CatProfile, uuid.New()))
		}
		return changed, nil
	}, claim)
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	before := db.Statements.Load()
	if err := s.syncAll(ended, entries, claim); err == nil {
		t.Error("nobody learns that objects were not synced")
	}
	if n := db.Statements.Load() - before; n != 1 {
		t.Errorf("leaving %d entries to the worker takes %d statements, want 1", objects, n)
	}
	if _, failures := s.Counts(); failures != 0 {
		t.Errorf("%d failures are counted, want 0", failures)
	}
	if found, err := s.outbox.claimDue(t.Context(), objects+1); len(found) != objects || err != nil {
		t.Errorf("the worker finds %d due entries, %v; want %d", len(found), err, objects)
	}
}

func TestReconcile_OneAtATime(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), `SELECT pg_advisory_lock($1)`, int64(reconcileLock)); err != nil {
		t.Fatal(err)
	}
	s := withoutKeto(db)
	reconcile := func() error {
		_, err := s.Reconcile(t.Context(), db.DB, false, func(Report) {})
		return err
	}
	if err := reconcile(); !errors.Is(err, ErrReconciling) {
		t.Errorf("a second reconciliation: %v, want %v", err, ErrReconciling)
	}
	if _, err := conn.ExecContext(t.Context(), `SELECT pg_advisory_unlock($1)`, int64(reconcileLock)); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // The first releases the lock although it fails.
		if err := reconcile(); !errors.Is(err, keto.ErrUnavailable) {
			t.Errorf("a reconciliation without Keto: %v, want %v", err, keto.ErrUnavailable)
		}
	}
}
