package projection

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/uuid"

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

func begin(t *testing.T, s *Syncer) *Tx {
	t.Helper()
	tx, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return tx
}

func TestTx_CommitWithoutKeto(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	object := keto.ObjectOf(keto.CatProfile, uuid.New())
	tx := begin(t, withoutKeto(db))
	tx.Sync(object)
	if err := tx.Commit(t.Context()); err != nil {
		t.Errorf("a committed change: %v, want nil", err)
	}
	if got, want := stateOf(t, db), (state{Exists: true, Failed: true, Version: 1}); got != want {
		t.Errorf("the entry is %+v, want %+v", got, want)
	}
}

// TestTx_Rollback leaves a transaction as a use case does that fails, panics, or succeeds.
func TestTx_Rollback(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		commits, panics bool
	}{
		"a failure": {},
		"a panic":   {panics: true},
		"a commit":  {commits: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := dbtest.New(t)
			func() {
				defer func() { _ = recover() }()
				tx := begin(t, withoutKeto(db))
				defer tx.Rollback()
				if err := tx.User.Create().SetName("Ada").SetEmail("ada@example.org").Exec(t.Context()); err != nil {
					t.Error(err)
				}
				tx.Sync(keto.ObjectOf(keto.CatProfile, uuid.New()))
				if test.panics {
					panic("boom")
				}
				if !test.commits {
					return
				}
				if err := tx.Commit(t.Context()); err != nil {
					t.Error(err)
				}
			}()
			if open := db.Stats().InUse; open != 0 {
				t.Errorf("%d connections are in use, want none", open)
			}
			if n, err := db.Client.User.Query().Count(t.Context()); (n == 1) != test.commits || err != nil {
				t.Errorf("there are %d users, %v", n, err)
			}
			if got := stateOf(t, db); got.Exists != test.commits {
				t.Errorf("the entry is %+v", got)
			}
		})
	}
}

// TestTx_CommitFails ends the connection before the commit.
func TestTx_CommitFails(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	tx, err := withoutKeto(db).Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	tx.Sync(keto.ObjectOf(keto.CatProfile, uuid.New()))
	cancel() // Package sql rolls back.
	if err := tx.Commit(t.Context()); err == nil {
		t.Error("a commit that fails is no error")
	}
	if got := stateOf(t, db); got.Exists {
		t.Errorf("a failed commit has left the entry %+v", got)
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
	tx := begin(t, s)
	for range objects {
		tx.Sync(keto.ObjectOf(keto.CatProfile, uuid.New()))
	}
	entries, err := enqueue(t.Context(), tx.Tx, tx.objects, claim)
	if err == nil {
		err = tx.Tx.Commit()
	}
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
