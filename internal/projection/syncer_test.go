package projection

import (
	"errors"
	"log/slog"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/dbtest"
	"github.com/catfoster/catfoster/internal/keto"
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
