package e2e

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// TestRestore_OneDatabaseFromOlderDump restores each of the three databases alone from a
// dump that is older than the others, and runs reconcile.
func TestRestore_OneDatabaseFromOlderDump(t *testing.T) {
	t.Parallel()
	stack, program := env.NewOwnStack(t), env.Program(t)
	reconcile := func(t *testing.T, arguments ...string) {
		t.Helper()
		if output, ok := program.Run(t, stack.Config, append([]string{"reconcile"}, arguments...)...); !ok {
			t.Errorf("reconcile %v: %s", arguments, output)
		}
	}

	// What every dump has.
	sam, tom, mona := stack.NewMember(t, "Sam"), stack.NewMember(t, "Tom"), stack.NewMember(t, "Mona")
	suspend := func(member harness.Member) {
		t.Helper()
		stack.Exec(t, `INSERT INTO suspensions (id, created_at, updated_at, user_id, reason) VALUES (gen_random_uuid(), now(), now(), $1, 'Spam.')`, member.ID)
	}
	ada, bob, carol, dave := stack.NewMember(t, "Ada"), stack.NewMember(t, "Bob"), stack.NewMember(t, "Carol"), stack.NewMember(t, "Dave")
	cat := stack.Server.NewCat(t, ada)
	request := stack.Server.NewFostering(t, bob, cat, env.Day(1), env.Day(2))
	suspend(sam)
	stack.AwaitSynced(t)
	stack.Stop(t)
	stack.Dump(t, "old")

	// What has happened since.
	stack.Start(t)
	stack.Server.Approve(t, ada, request)
	nina := stack.NewMember(t, "Nina")
	ninasCat := stack.Server.NewCat(t, nina)
	stack.Server.Query(t, carol.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
	if err := stack.Kratos.ChangeEmail(t.Context(), ada.Email, "adele@example.org"); err != nil {
		t.Fatal(err)
	}
	if err := stack.Kratos.Verify(t.Context(), "adele@example.org"); err != nil {
		t.Fatal(err)
	}
	adasEmail := func() string {
		var email string
		if err := stack.DB.QueryRowContext(t.Context(), `SELECT email FROM users WHERE id = $1`, ada.ID).Scan(&email); err != nil {
			t.Fatal(err)
		}
		return email
	}
	stack.Login(t, "adele@example.org")
	for _, arguments := range [][]string{{"admin", "grant", dave.Email}, {"admin", "grant", mona.Email, "--moderator"}} {
		if output, ok := program.Run(t, stack.Config, arguments...); !ok {
			t.Fatal(output)
		}
	}
	suspend(tom)
	stack.AwaitSynced(t)
	harness.Await(t, "the identity of a deleted account to be deleted", func() bool {
		return stack.Count(t, `SELECT count(*) FROM users WHERE forgotten_at IS NOT NULL`) == 1
	})
	stack.Stop(t)
	stack.Dump(t, "new")

	has := func(role string, id uuid.UUID) bool {
		output, ok := program.Run(t, stack.Config, "check", role+"@User:"+id.String())
		if !ok && !strings.Contains(output, "denied") {
			t.Errorf("check: %s", output)
		}
		return ok
	}
	for _, test := range []struct {
		about, older string // the suffix of the database
		status       fostering.Status
		email        string // of Ada
		admin        bool   // Dave
		ninasCats    int
	}{
		{"the database of the API", "", fostering.Pending, "adele@example.org", false, 0},
		// Kratos decides about addresses. Nina's identity is lost, and the account with it.
		{"the database of Kratos", "_kratos", fostering.Approved, ada.Email, true, 0},
		{"the database of Keto", "_keto", fostering.Approved, "adele@example.org", true, 1},
	} {
		for _, database := range harness.OwnDatabases() {
			stack.Restore(t, database, map[bool]string{true: "old", false: "new"}[database == test.older])
		}
		stack.Start(t)
		reconcile(t)
		reconcile(t, "--dry-run") // It fails if there is a difference.
		stack.AwaitSynced(t)

		token := stack.Login(t, test.email)
		if got := stack.Server.Status(t, token, request); got != string(test.status) {
			t.Errorf("%s is older: the fostering is %s, want %s", test.about, got, test.status)
		}
		if email := adasEmail(); email != test.email {
			t.Errorf("%s is older: Ada's address is %s, want %s", test.about, email, test.email)
		}
		if got := has("Group:admin#members", dave.ID); got != test.admin {
			t.Errorf("%s is older: Dave is an admin: %t, want %t", test.about, got, test.admin)
		}
		if got := has("Group:moderator#moderate", mona.ID); got != test.admin {
			t.Errorf("%s is older: Mona is a moderator: %t, want %t", test.about, got, test.admin)
		}
		for member, suspended := range map[harness.Member]bool{sam: true, tom: test.older != ""} {
			if got, want := stack.Server.Query(t, member.Token, `{ me { id } }`, nil).Code(), map[bool]string{true: "FORBIDDEN", false: "OK"}[suspended]; got != want {
				t.Errorf("%s is older: %s with a session from before: %s, want %s", test.about, member.Name, got, want)
			}
		}
		if n := stack.Count(t, `SELECT count(*) FROM cat_profiles WHERE id = '`+ninasCat.String()+`'`); n != test.ninasCats {
			t.Errorf("%s is older: Nina has %d cats, want %d", test.about, n, test.ninasCats)
		}
		if n := stack.Count(t, `SELECT count(*) FROM users WHERE name = 'Carol'`); n != 0 {
			t.Errorf("%s is older: Carol's account is back", test.about)
		}
		if _, err := stack.Kratos.Login(t.Context(), carol.Email, harness.Password); err == nil {
			t.Errorf("%s is older: Carol can log in to the account that she has deleted", test.about)
		}
		// Everybody who can log in can work: members whose users were lost as well.
		if test.older != "_kratos" {
			stack.Server.NewCat(t, harness.Member{Token: stack.Login(t, nina.Email)})
		}
		stack.Server.NewCat(t, harness.Member{Token: token})
		stack.AwaitSynced(t)
		stack.Stop(t)
	}
}
