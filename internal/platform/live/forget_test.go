package live_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// forgotten is a memory that tells what is forgotten, in order.
type forgotten chan string

func (f forgotten) Forget(member uuid.UUID) { f <- member.String() }

func (f forgotten) ForgetAll() { f <- "all" }

func (f forgotten) next(t *testing.T) string {
	t.Helper()
	select {
	case got := <-f:
		return got
	case <-time.After(time.Minute):
		t.Fatal("nothing has been forgotten for a minute")
		return ""
	}
}

// TestForget_ChangedMembers changes members in different ways, whoever does it. The server forgets those whose change has been
// committed, and nobody else.
func TestForget_ChangedMembers(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	memory := make(forgotten, 100)
	listenFor(t, db, memory)
	if got := memory.next(t); got != "all" {
		t.Errorf("at the start %s is forgotten, want all", got)
	}
	newUser := func(identity *uuid.UUID) *ent.User {
		t.Helper()
		user, err := db.Client.User.Create().SetName("Ada").SetEmail("ada@example.org").SetNillableIdentityID(identity).Save(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return user
	}
	identities := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()}
	pending, undone := newUser(nil), newUser(&identities[0])
	saved, inTx, bySQL, inKratos := newUser(&identities[1]), newUser(&identities[2]), newUser(&identities[3]), newUser(&identities[4])
	tx := func() *ent.Tx {
		t.Helper()
		begun, err := db.Client.Tx(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return begun
	}
	for _, change := range []struct {
		name string
		make func() error
		want *ent.User // who is forgotten
	}{
		{"a pending sign-up", func() error { return pending.Update().SetName("Bob").Exec(t.Context()) }, nil},
		{"a change that is rolled back", func() error {
			begun := tx()
			if err := begun.User.UpdateOne(undone).SetBio("No.").Exec(t.Context()); err != nil {
				return err
			}
			if err := live.Forget(t.Context(), begun, undone.ID); err != nil {
				return err
			}
			return begun.Rollback()
		}, nil},
		{"a change", func() error { return saved.Update().SetBio("Yes.").Exec(t.Context()) }, saved},
		{"a change in a transaction", func() error {
			begun := tx()
			if err := begun.User.UpdateOne(inTx).Exec(t.Context()); err != nil {
				return err
			}
			return begun.Commit()
		}, inTx},
		{"a change by another program", func() error {
			_, err := db.ExecContext(t.Context(), `UPDATE users SET bio = 'Yes.' WHERE id = $1`, bySQL.ID)
			return err
		}, bySQL},
		{"the end of a session", func() error { return live.Forget(t.Context(), db, inKratos.ID) }, inKratos},
	} {
		if err := change.make(); err != nil {
			t.Fatalf("%s: %v", change.name, err)
		}
		if change.want == nil {
			continue // The next one would not be forgotten first.
		}
		if got, want := memory.next(t), change.want.ID.String(); got != want {
			t.Errorf("after %s user %s is forgotten, want %s", change.name, got, want)
		}
	}
}

// TestForget_AfterLostConnection ends the connection that listens. All are forgotten when it is there again.
func TestForget_AfterLostConnection(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	memory := make(forgotten, 100)
	listenFor(t, db, memory)
	memory.next(t)
	if _, err := db.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE 'LISTEN%'`); err != nil {
		t.Fatal(err)
	}
	if got := memory.next(t); got != "all" {
		t.Errorf("after the connection was lost %s is forgotten, want all", got)
	}
	member := uuid.New()
	if err := live.Forget(t.Context(), db, member); err != nil {
		t.Fatal(err)
	}
	if got := memory.next(t); got != member.String() {
		t.Errorf("then %s is forgotten, want %s", got, member)
	}
}
