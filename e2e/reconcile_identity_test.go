package e2e

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// TestReconcile_Identities uses a database of its own. In the shared one other tests have
// users without identities.
func TestReconcile_Identities(t *testing.T) {
	t.Parallel()
	stack, program := env.NewIsolatedStack(t), env.Program(t)
	server := env.StartServer(t, stack.Config)
	ada, bob, eve := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")
	adasCat, bobsCat := server.NewCat(t, ada), server.NewCat(t, bob)
	toAda, byAda := server.NewFostering(t, bob, adasCat, env.Day(1), env.Day(2)), server.NewFostering(t, ada, bobsCat, env.Day(1), env.Day(2))
	server.Approve(t, ada, toAda)
	server.Approve(t, bob, byAda)
	server.UserID(t, eve.Token)
	run := func(want string, ok bool, arguments ...string) {
		t.Helper()
		output, succeeded := program.Run(t, stack.Config, append([]string{"reconcile"}, arguments...)...)
		if succeeded != ok || !strings.Contains(output, want) {
			t.Errorf("reconcile %v succeeds: %t, and prints %s, want %t and %q", arguments, succeeded, output, ok, want)
		}
	}
	run(": 0 vanished, 0 restored, 0 outdated.", true, "--dry-run")

	// Eve deletes the account, and a backup of Kratos brings the identity back.
	evesIdentity := env.Identity(t, eve.Email).ID
	backup := "identities_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	env.ExecInKratos(t, "CREATE TABLE "+backup+" AS SELECT * FROM identities WHERE id = $1", evesIdentity)
	server.Query(t, eve.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
	if env.HasIdentity(t, evesIdentity) {
		t.Fatal("after deleteAccount Kratos still has the identity")
	}
	env.ExecInKratos(t, "INSERT INTO identities SELECT * FROM "+backup)
	// An operator deletes Ada's identity and changes Bob's.
	if err := env.Kratos.Delete(t.Context(), env.Identity(t, ada.Email).ID); err != nil {
		t.Fatal(err)
	}
	env.ReplaceInIdentity(t, bob.Email, "/traits/name", "Robert")

	run("with 2 users in ", false, "--dry-run")
	run(": 1 vanished, 1 restored, 1 outdated.", false, "--dry-run")
	if !env.HasIdentity(t, evesIdentity) {
		t.Error("the dry run has deleted an identity")
	}
	if n := stack.Count(t, `SELECT count(*) FROM users WHERE name = 'Ada'`); n != 1 {
		t.Errorf("after the dry run %d users are named Ada, want 1", n)
	}
	run(": 1 vanished, 1 restored, 1 outdated.", true)
	run(": 0 vanished, 0 restored, 0 outdated.", true, "--dry-run")

	if env.HasIdentity(t, evesIdentity) {
		t.Error("Kratos still has the identity of a deleted account")
	}
	if n := stack.Count(t, `SELECT count(*) FROM users WHERE deleted_at IS NOT NULL AND forgotten_at IS NOT NULL AND email = ''`); n != 2 {
		t.Errorf("%d accounts are deleted, want those of Ada and Eve", n)
	}
	if n := stack.Count(t, `SELECT count(*) FROM users WHERE name = 'Robert'`); n != 1 {
		t.Errorf("%d users have Bob's new name, want 1", n)
	}
	if got := server.Status(t, bob.Token, byAda); got != string(fostering.Cancelled) {
		t.Errorf("the fostering that Ada was promised is %s, want %s", got, fostering.Cancelled)
	}
	if got := server.Query(t, bob.Token, harness.DeleteCatMutation, map[string]any{"id": bobsCat}).Code(); got != "OK" {
		t.Errorf("Bob deletes the cat that was promised to Ada: %s, want OK", got)
	}
	stack.AwaitSynced(t)
}
