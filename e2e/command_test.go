package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/infra"
	"github.com/catfoster/catfoster/internal/keto"
)

// command runs the program with the world's addresses and returns what it prints
// and whether it succeeds.
func command(t *testing.T, binary string, arguments ...string) (string, bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, arguments...)
	cmd.Env = append(os.Environ(), infra.Environment(shared.config)...)
	output, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(output)), err == nil
}

func buildProgram(t *testing.T) string {
	t.Helper()
	root, err := infra.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "catfoster")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	cmd.Dir = root
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v: %s", err, output)
	}
	return binary
}

func TestTheFirstAdminIsMadeByACommand(t *testing.T) {
	t.Parallel()
	program := buildProgram(t)
	ada, bob, moved := newMember(t, "Ada"), newMember(t, "Bob"), newEmail()
	// Whatever happens, no role is left: other tests look at the group.
	t.Cleanup(func() {
		_ = shared.keto.Delete(context.WithoutCancel(t.Context()), keto.AdminRole(ada.id), keto.SuperAdminRole(ada.id), keto.AdminRole(bob.id))
	})
	manage := "Group:admin#manage@User:" + ada.id.String()
	for _, step := range []struct {
		arguments []string
		want      string
		ok        bool
	}{
		{[]string{"admin", "grant", "nobody-" + ada.email}, "catfoster: nobody has signed up as nobody-" + ada.email, false},
		{[]string{"check", manage}, "catfoster: denied", false},
		{[]string{"admin", "grant", ada.email, "--super"}, ada.email + " is a super admin.", true},
		{[]string{"admin", "grant", ada.email, "--super"}, ada.email + " is a super admin.", true},
		{[]string{"check", manage}, "allowed", true},
		{[]string{"admin", "grant", bob.email}, bob.email + " is an admin.", true},
		{[]string{"admin", "revoke", ada.email}, "catfoster: this is a super admin: revoke that first, with --super", false},
		{[]string{"admin", "revoke", bob.email}, bob.email + " is no longer an admin.", true},
		{[]string{"check", "Group:admin#purr@User:" + ada.id.String()}, `catfoster: tuple "Group:admin#purr@User:` + ada.id.String() + `": Group has no relation or permission "purr"`, false},
		{[]string{"relate", manage}, "catfoster: Group#manage is a permission: it follows from relations and cannot be stated", false},
		{[]string{"relate", "Group:admin#members@User:" + bob.id.String()}, "", true},
		{[]string{"check", "Group:admin#members@User:" + bob.id.String()}, "allowed", true},
		{[]string{"relate", "--delete", "Group:admin#members@User:" + bob.id.String()}, "", true},
		{[]string{"check", "Group:admin#members@User:" + bob.id.String()}, "catfoster: denied", false},
		{[]string{"user", "move", bob.email, ada.email}, "catfoster: move " + bob.email + " to " + ada.email + ": Unable to insert or update resource because a resource with that value exists already", false},
		{[]string{"user", "move", bob.email, moved}, "Moved " + bob.email + " to " + moved + ".", true},
		{[]string{"admin", "grant", moved}, "catfoster: " + moved + " is not verified: it may be somebody else's", false},
		{[]string{"user", "verify", moved}, "Verified " + moved + ".", true},
		{[]string{"admin", "grant", moved}, moved + " is an admin.", true},
		{[]string{"admin", "revoke", moved}, moved + " is no longer an admin.", true},
		{[]string{"migrate"}, "nothing to do: the database is up to date", true},
	} {
		got, ok := command(t, program, step.arguments...)
		if got != step.want || ok != step.ok {
			t.Errorf("%v prints %q, succeeds: %t; want %q, %t", step.arguments, got, ok, step.want, step.ok)
		}
	}
	held, err := shared.keto.List(t.Context(), keto.AdminGroup())
	if err != nil {
		t.Fatal(err)
	}
	copies := 0
	for _, tuple := range held {
		if tuple == keto.SuperAdminRole(ada.id) {
			copies++
		}
	}
	if copies != 1 {
		t.Errorf("Keto holds %d copies of what was granted twice, want 1", copies)
	}
}
