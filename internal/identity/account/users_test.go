package account

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/dbtest"
)

func TestCheckTraits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		email, name string
		want        []string
	}{
		"valid":                   {"ada@example.org", "Ada", nil},
		"name of any script":      {"ada@example.org", "Ágnes 猫 Мурка", nil},
		"longest name":            {"ada@example.org", strings.Repeat("猫", 64), nil},
		"name between spaces":     {"ada@example.org", "  " + strings.Repeat("n", 64) + "  ", nil},
		"no name":                 {"ada@example.org", "", []string{"name"}},
		"blank name":              {"ada@example.org", " \u3000 ", []string{"name"}},
		"name too long":           {"ada@example.org", strings.Repeat("n", 65), []string{"name"}},
		"name with NUL":           {"ada@example.org", "a\x00", []string{"name"}},
		"name is not valid UTF-8": {"ada@example.org", "a\xff", []string{"name"}},
		"no email":                {"", "Ada", []string{"email"}},
		"email too long":          {strings.Repeat("a", 321), "Ada", []string{"email"}},
		"email with NUL":          {"a\x00@example.org", "Ada", []string{"email"}},
		"nothing":                 {"", "", []string{"email", "name"}},
	} {
		var got []string
		for _, problem := range CheckTraits(test.email, test.name) {
			got = append(got, problem.Name)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: fields that break a rule (-want +got):\n%s", name, diff)
		}
	}
}

// newIdentity returns an identity that names no user.
func newIdentity(name string) kratos.Identity {
	return kratos.Identity{ID: uuid.New(), Name: name, Email: uuid.NewString() + "@example.org", Verified: true}
}

// createUser creates the user of an identity.
func createUser(t *testing.T, db *ent.Client, identity kratos.Identity) *ent.User {
	t.Helper()
	row, err := db.User.Create().
		SetIdentityID(identity.ID).SetName(identity.Name).SetEmail(identity.Email).SetEmailVerified(identity.Verified).
		Save(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func TestUsers_ForIdentity(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	current := newIdentity("Ada")
	row := createUser(t, db.Client, current)
	old := current
	old.Name, old.Email, old.Verified = "Old name", "old@example.org", false
	newer := current
	newer.Name = "Newer name"

	for _, test := range []struct {
		about          string
		stored         kratos.Identity // in Kratos
		session        kratos.Identity
		wantName       string
		wantStatements int64
		wantCalls      int
	}{
		{"a session that equals the row", current, current, "Ada", 1, 0},
		{"a session that is older than the row", current, old, "Ada", 3, 2},
		{"a session that is newer than the row", newer, newer, "Newer name", 4, 2},
	} {
		fake := newFakeKratos(t, test.stored)
		db.Statements.Store(0)
		got, err := fake.users(db.Client).ForIdentity(t.Context(), test.session)
		if err != nil {
			t.Fatalf("%s: %v", test.about, err)
		}
		if got.ID != row.ID || got.Name != test.wantName || got.Email != current.Email {
			t.Errorf("%s returns the user %s, %s, %s; want %s, %s, %s", test.about, got.ID, got.Name, got.Email, row.ID, test.wantName, current.Email)
		}
		statements, calls := db.Statements.Load(), fake.count("GET "+current.ID.String())
		if statements > test.wantStatements || calls != test.wantCalls {
			t.Errorf("%s takes %d statements and %d calls of the admin API, want at most %d and exactly %d", test.about, statements, calls, test.wantStatements, test.wantCalls)
		}
	}
	if _, err := newFakeKratos(t).users(db.Client).ForIdentity(t.Context(), old); !errors.Is(err, kratos.ErrNoIdentity) {
		t.Errorf("a session whose identity has been deleted: %v, want %v", err, kratos.ErrNoIdentity)
	}
	if err := db.Client.User.UpdateOne(row).SetDeletedAt(time.Now()).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := newFakeKratos(t, newer).users(db.Client).ForIdentity(t.Context(), newer); !errors.Is(err, ErrDeleted) {
		t.Errorf("a session of a deleted account: %v, want %v", err, ErrDeleted)
	}
}

func TestUsers_ForIdentityWithoutAdminAPI(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	users := NewUsers(db.Client, kratos.NewAdmin(config.Kratos{AdminURL: "http://127.0.0.1:1"}, nil), slog.New(slog.DiscardHandler))
	known, unknown := newIdentity("Ada"), newIdentity("Bob")
	row := createUser(t, db.Client, known)
	seen := known
	seen.Name = "Another name"
	got, err := users.ForIdentity(t.Context(), seen)
	if err != nil || got.ID != row.ID || got.Name != "Ada" {
		t.Errorf("a session that differs from the row: %v, %v; want the row as it is", got, err)
	}
	got, err = users.ForIdentity(t.Context(), unknown)
	if err != nil || got.Name != "Bob" || *got.IdentityID != unknown.ID {
		t.Errorf("a session without a user: %v, %v; want a new user", got, err)
	}
}

// TestUsers_RefreshRepeats changes an identity while its older state is being written.
func TestUsers_RefreshRepeats(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	identity := newIdentity("Ada")
	row := createUser(t, db.Client, identity)
	fake := newFakeKratos(t, identity)
	changed := identity
	changed.Name = "Augusta Ada"
	fake.before = func(call string) {
		if fake.count(call) == 2 {
			fake.put(changed)
		}
	}
	_, got, err := fake.users(db.Client).Refresh(t.Context(), identity.ID)
	if err != nil || got.ID != row.ID || got.Name != "Augusta Ada" {
		t.Errorf("refresh returns %v, %v; want the latest name", got, err)
	}
}

// TestUsers_RefreshEnds changes an identity all the time.
func TestUsers_RefreshEnds(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	identity := newIdentity("Ada")
	row := createUser(t, db.Client, identity)
	fake := newFakeKratos(t, identity)
	call := "GET " + identity.ID.String()
	fake.before = func(string) {
		changed := identity
		changed.Name = fmt.Sprintf("Ada %d", fake.count(call))
		if fake.count(call) > 20 { // Without a bound the test would not end.
			changed.Name = "Ada"
		}
		fake.put(changed)
	}
	_, got, err := fake.users(db.Client).Refresh(t.Context(), identity.ID)
	if n := fake.count(call); err != nil || n != 5 || got.ID != row.ID || got.Name != "Ada 5" {
		t.Errorf("refresh returns %v, %v after %d calls, want the fifth name after five", got, err, n)
	}
}
