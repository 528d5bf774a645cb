package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

// reconciled is what a run has reported and done.
type reconciled struct {
	report   Report
	vanished []uuid.UUID // the users that deleteVanished was called with
	err      error
}

// reconcile runs a reconciliation whose deleteVanished only sets the times of the deletion.
func reconcile(t *testing.T, db dbtest.Database, fake *fakeKratos, dryRun bool) (r reconciled) {
	t.Helper()
	r.report, r.err = fake.users(db.Client).Reconcile(t.Context(), db.DB, dryRun, func(ctx context.Context, id uuid.UUID) error {
		r.vanished = append(r.vanished, id)
		return db.Client.User.UpdateOneID(id).SetDeletedAt(time.Now()).SetForgottenAt(time.Now()).Exec(ctx)
	}, func(Report) {})
	return r
}

// createUsers creates n users with identities, which are more than a page of either.
func createUsers(t *testing.T, db *ent.Client, n int) []kratos.Identity {
	t.Helper()
	identities, rows := make([]kratos.Identity, n), make([]*ent.UserCreate, n)
	for i := range n {
		identities[i] = newIdentity(fmt.Sprintf("Member %d", i))
		rows[i] = db.User.Create().SetIdentityID(identities[i].ID).
			SetName(identities[i].Name).SetEmail(identities[i].Email).SetEmailVerified(true)
	}
	if err := db.User.CreateBulk(rows...).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	return identities
}

func userOf(t *testing.T, db *ent.Client, identity kratos.Identity) *ent.User {
	t.Helper()
	row, err := db.User.Query().Where(user.IdentityID(identity.ID)).Only(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestUsers_Reconcile(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	identities := createUsers(t, db.Client, 3*comparePage+1)
	vanished, restored, leaving, outdated, stranger := identities[:comparePage+10], identities[600], identities[601], identities[602], newIdentity("Stranger")
	fake := newFakeKratos(t, append(slices.Clone(identities[comparePage+10:]), stranger)...)
	set := func(identity kratos.Identity, change func(*ent.UserUpdateOne)) {
		update := db.Client.User.UpdateOne(userOf(t, db.Client, identity))
		change(update)
		if err := update.Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	set(restored, func(u *ent.UserUpdateOne) { u.SetDeletedAt(time.Now()).SetForgottenAt(time.Now()) })
	set(leaving, func(u *ent.UserUpdateOne) { u.SetDeletedAt(time.Now()) }) // Kratos has not been told yet.
	changed := outdated
	changed.Email, changed.Verified = "new@example.org", false
	fake.put(changed)
	// Somebody signs up during the run: Kratos has listed its identities already.
	var once sync.Once
	fake.before = func(call string) {
		if call != "GET page" {
			once.Do(func() { createUser(t, db.Client, newIdentity("New")) })
		}
	}

	users, listed := len(identities)-2, len(identities)-len(vanished)+1
	want := Report{Identities: listed, Users: users, Vanished: len(vanished), Restored: 1, Outdated: 1}
	got := reconcile(t, db, fake, true)
	if diff := cmp.Diff(want, got.report); diff != "" || got.err != nil || len(got.vanished) > 0 {
		t.Fatalf("a dry run: %v, %d accounts are deleted, report (-want +got):\n%s", got.err, len(got.vanished), diff)
	}
	if n := fake.count("DELETE " + restored.ID.String()); n != 0 {
		t.Errorf("a dry run deletes an identity %d times, want never", n)
	}
	if row := userOf(t, db.Client, outdated); row.Email != outdated.Email {
		t.Errorf("a dry run changes the address of a user to %s", row.Email)
	}

	// The user who was created during the dry run has no identity either.
	want.Users, want.Vanished = users+1, want.Vanished+1
	got = reconcile(t, db, fake, false)
	if diff := cmp.Diff(want, got.report); diff != "" || got.err != nil || len(got.vanished) != want.Vanished {
		t.Fatalf("a repair: %v, %d accounts are deleted, report (-want +got):\n%s", got.err, len(got.vanished), diff)
	}
	for about, test := range map[string]struct {
		identity  kratos.Identity
		deletions int
	}{"the restored identity": {restored, 1}, "the identity of a deletion in progress": {leaving, 0}, "the identity without a user": {stranger, 0}} {
		if n := fake.count("DELETE " + test.identity.ID.String()); n != test.deletions {
			t.Errorf("%s is deleted %d times, want %d", about, n, test.deletions)
		}
	}
	if row := userOf(t, db.Client, outdated); row.Email != "new@example.org" || row.EmailVerified {
		t.Errorf("after the repair the outdated user has the address %s (verified: %t), want new@example.org, not verified", row.Email, row.EmailVerified)
	}
	got = reconcile(t, db, fake, true)
	if got.report.Differences() != 0 || got.err != nil {
		t.Errorf("a dry run after the repair: %+v, %v, want no differences", got.report, got.err)
	}
}

// TestUsers_ReconcileConfirmsDifferences changes everything that seemed to differ before
// Kratos is asked again.
func TestUsers_ReconcileConfirmsDifferences(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	identities := createUsers(t, db.Client, 4)
	listedLate, forgotten, changing := identities[0], identities[1], identities[2]
	fake := newFakeKratos(t, identities[1:]...)
	changed := changing
	changed.Name = "Changed"
	fake.put(changed)
	err := db.Client.User.UpdateOne(userOf(t, db.Client, forgotten)).SetDeletedAt(time.Now()).SetForgottenAt(time.Now()).Exec(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fake.before = func(call string) {
		switch call {
		case "GET " + listedLate.ID.String():
			fake.put(listedLate)
		case "GET " + forgotten.ID.String():
			fake.remove(forgotten.ID)
		case "GET " + changing.ID.String(): // The webhook arrives.
			err := db.Client.User.Update().Where(user.IdentityID(changing.ID)).SetName(changed.Name).Exec(t.Context())
			if err != nil {
				t.Error(err)
			}
		}
	}
	if got := reconcile(t, db, fake, true); got.report.Differences() != 0 || got.err != nil {
		t.Errorf("a dry run: %+v, %v, want no differences", got.report, got.err)
	}
}

func TestUsers_ReconcileWithAnotherKratos(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	createUsers(t, db.Client, 3)
	for about, fake := range map[string]*fakeKratos{
		"an empty Kratos": newFakeKratos(t), "a Kratos of other people": newFakeKratos(t, newIdentity("Eve")),
	} {
		got := reconcile(t, db, fake, false)
		if !errors.Is(got.err, ErrWrongKratos) || len(got.vanished) > 0 {
			t.Errorf("with %s: %v, %d accounts are deleted, want %v and none", about, got.err, len(got.vanished), ErrWrongKratos)
		}
	}
}

func TestUsers_ReconcileContinuesAfterConflict(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	identities := createUsers(t, db.Client, 3)
	changed := identities[2]
	changed.Name = "Changed"
	fake := newFakeKratos(t, changed)
	conflict := apperr.NewConflict(apperr.LastSuperAdmin, "the last super admin")
	report, err := fake.users(db.Client).Reconcile(t.Context(), db.DB, false, func(context.Context, uuid.UUID) error { return conflict }, func(Report) {})
	if !errors.Is(err, conflict) || report.Vanished != 2 || report.Outdated != 1 {
		t.Errorf("with conflicts: %+v, %v, want 2 vanished, 1 outdated and the conflict", report, err)
	}
	if row := userOf(t, db.Client, changed); row.Name != "Changed" {
		t.Errorf("after the conflicts the outdated user is named %s, want Changed", row.Name)
	}
}
