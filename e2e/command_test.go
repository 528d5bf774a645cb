package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestCommand_AdminsAndUsers(t *testing.T) {
	t.Parallel()
	program := env.Program(t)
	ada, bob, moved := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), harness.NewEmail()
	manage := "Group:admin#manage@User:" + ada.ID.String()
	moderate := "Group:moderator#moderate@User:" + bob.ID.String()
	for _, step := range []struct {
		arguments []string
		want      string
		ok        bool
	}{
		{[]string{"admin", "grant", "nobody-" + ada.Email}, "catfoster: nobody has signed up as nobody-" + ada.Email, false},
		{[]string{"check", manage}, "catfoster: denied", false},
		{[]string{"admin", "grant", ada.Email, "--super"}, ada.Email + " is a super admin.", true},
		{[]string{"admin", "grant", ada.Email, "--super"}, ada.Email + " is a super admin.", true},
		{[]string{"check", manage}, "allowed", true},
		{[]string{"check", moderate}, "catfoster: denied", false},
		{[]string{"admin", "grant", bob.Email, "--moderator"}, bob.Email + " is a moderator.", true},
		{[]string{"check", moderate}, "allowed", true},
		{[]string{"admin", "revoke", bob.Email, "--moderator"}, bob.Email + " is no longer a moderator.", true},
		{[]string{"check", moderate}, "catfoster: denied", false},
		{[]string{"admin", "grant", bob.Email}, bob.Email + " is an admin.", true},
		{[]string{"admin", "revoke", ada.Email}, "catfoster: this is a super admin: revoke that first, with --super", false},
		{[]string{"admin", "revoke", bob.Email}, bob.Email + " is no longer an admin.", true},
		{[]string{"check", "Group:admin#purr@User:" + ada.ID.String()}, `catfoster: tuple "Group:admin#purr@User:` + ada.ID.String() + `": Group has no relation or permission "purr"`, false},
		{[]string{"relate", manage}, "catfoster: Group#manage is a permission: it follows from relations and cannot be stated", false},
		{[]string{"relate", "Group:admin#members@User:" + bob.ID.String()}, "catfoster: the tuples of Group:admin follow from the database: change that instead (for roles: admin grant, admin revoke)", false},
		{[]string{"check", "Group:admin#members@User:" + bob.ID.String()}, "catfoster: denied", false},
		{[]string{"relate", "Group:test-" + bob.ID.String() + "#members@User:" + bob.ID.String()}, "", true},
		{[]string{"check", "Group:test-" + bob.ID.String() + "#members@User:" + bob.ID.String()}, "allowed", true},
		{[]string{"relate", "--delete", "Group:test-" + bob.ID.String() + "#members@User:" + bob.ID.String()}, "", true},
		{[]string{"check", "Group:test-" + bob.ID.String() + "#members@User:" + bob.ID.String()}, "catfoster: denied", false},
		{[]string{"user", "move", bob.Email, ada.Email}, "catfoster: move " + bob.Email + " to " + ada.Email + ": Unable to insert or update resource because a resource with that value exists already", false},
		{[]string{"user", "move", bob.Email, moved}, "Moved " + bob.Email + " to " + moved + ".", true},
		{[]string{"admin", "grant", moved}, "catfoster: " + moved + " is not verified: it may be somebody else's", false},
		{[]string{"user", "verify", moved}, "Verified " + moved + ".", true},
		{[]string{"admin", "grant", moved}, moved + " is an admin.", true},
		{[]string{"admin", "revoke", moved}, moved + " is no longer an admin.", true},
		{[]string{"user", "quota", ada.Email}, ada.Email + " has the quotas of all members.", true},
		{[]string{"user", "quota", ada.Email, "--times", "10"}, ada.Email + " has 10 times the quotas of all members.", true},
		{[]string{"user", "quota", ada.Email}, ada.Email + " has 10 times the quotas of all members.", true},
		{[]string{"user", "quota", ada.Email, "--times", "101"}, "catfoster: a member may have 1 to 100 times the quotas of all members, not 101", false},
		{[]string{"user", "quota", ada.Email, "--times", "1"}, ada.Email + " has the quotas of all members.", true},
		{[]string{"user", "quota", "nobody-" + ada.Email}, "catfoster: nobody has signed up as nobody-" + ada.Email, false},
		{[]string{"user", "reset-second-factor", "nobody-" + ada.Email}, "catfoster: reset the second factor of nobody-" + ada.Email + ": nobody has signed up as nobody-" + ada.Email, false},
		{[]string{"user", "reset-second-factor", ada.Email}, ada.Email + " has no second factor. All sessions are ended.", true},
		{[]string{"migrate"}, "nothing to do: the database is up to date", true},
	} {
		got, ok := program.Run(t, env.Config, step.arguments...)
		if got != step.want || ok != step.ok {
			t.Errorf("%v prints %q, succeeds: %t; want %q, %t", step.arguments, got, ok, step.want, step.ok)
		}
	}
	copies := 0
	for _, tuple := range env.AdminTuples(t) {
		if tuple == harness.Ownership(ada.ID) {
			copies++
		}
	}
	if copies != 1 {
		t.Errorf("Keto holds %d copies of a role that was granted twice, want 1", copies)
	}
}

// TestCommand_Password gives the password in every way that hides it from other users of the
// machine, and as an argument, which they could see.
func TestCommand_Password(t *testing.T) {
	t.Parallel()
	program, email := env.Program(t), harness.NewEmail()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(harness.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		about           string
		arguments       []string
		variable, stdin string
		want            string // a part of the output
		succeeds        bool
	}{
		{about: "by standard input", arguments: []string{"user", "register", email, "--name", "Ada"}, stdin: harness.Password + "\n", want: "Signed up as user", succeeds: true},
		{about: "by an operator", arguments: []string{"user", "verify", email}, want: "Verified", succeeds: true},
		{about: "in the environment", arguments: []string{"user", "login", email}, variable: "CATFOSTER_PASSWORD=" + harness.Password, want: "ory_st_", succeeds: true},
		{about: "in a file", arguments: []string{"user", "login", email}, variable: "CATFOSTER_PASSWORD_FILE=" + file, want: "ory_st_", succeeds: true},
		{about: "by standard input without a line break", arguments: []string{"user", "login", email}, stdin: harness.Password, want: "ory_st_", succeeds: true},
		{about: "a wrong one", arguments: []string{"user", "login", email}, variable: "CATFOSTER_PASSWORD=wrong-password", want: "catfoster: "},
		{about: "none", arguments: []string{"user", "login", email}, want: "read the password"},
		{about: "as an argument of login", arguments: []string{"user", "login", email, "--password", harness.Password}, want: "unknown flag --password"},
		{about: "as an argument of register", arguments: []string{"user", "register", email, "--name", "Ada", "--password=" + harness.Password}, want: "unknown flag --password"},
	} {
		command := program.Command(t.Context(), env.Config, test.arguments...)
		command.Env = append(slices.DeleteFunc(command.Env, func(entry string) bool { return strings.HasPrefix(entry, "CATFOSTER_PASSWORD") }), test.variable)
		command.Stdin = strings.NewReader(test.stdin)
		output, err := command.CombinedOutput()
		if (err == nil) != test.succeeds || !strings.Contains(string(output), test.want) {
			t.Errorf("the password %s: %v %s, want %q", test.about, err, output, test.want)
		}
		if strings.Contains(string(output), harness.Password) {
			t.Errorf("the password %s: the output repeats it: %s", test.about, output)
		}
	}
}

// TestCommand_InternationalDomains types the domain of an address in each of its forms. Kratos itself takes ASCII only.
func TestCommand_InternationalDomains(t *testing.T) {
	t.Parallel()
	program := env.Program(t)
	name, _, _ := strings.Cut(harness.NewEmail(), "@")
	unicode, capitals, ascii := name+"@bücher.example", name+"@BÜCHER.example", name+"@xn--bcher-kva.example"
	moved, movedASCII := name+"@例え.テスト", name+"@xn--r8jz45g.xn--zckzah"
	if refused := env.OpenFlow(t, "registration/api", "").Submit(t, "", harness.SignUpForm(unicode, "Ada")); refused.Problems() != "traits.email 4000001" {
		t.Errorf("Kratos says of a domain in Unicode: %q, want traits.email 4000001", refused.Problems())
	}
	for _, step := range []struct {
		arguments []string
		want      string // the beginning
		ok        bool
	}{
		{[]string{"user", "register", unicode, "--name", "Ada"}, "Signed up as user", true},
		{[]string{"user", "verify", capitals}, "Verified", true},
		{[]string{"user", "login", unicode}, "ory_st_", true},
		{[]string{"user", "login", ascii}, "ory_st_", true},
		{[]string{"user", "register", ascii, "--name", "Ada"}, "catfoster: sign up: An account with the same identifier", false},
		{[]string{"admin", "grant", unicode}, unicode + " is an admin.", true},
		{[]string{"admin", "revoke", ascii}, ascii + " is no longer an admin.", true},
		{[]string{"user", "move", capitals, moved}, "Moved", true},
		{[]string{"user", "verify", movedASCII}, "Verified", true},
		{[]string{"user", "login", moved}, "ory_st_", true},
		// A Cyrillic letter that looks like a Latin one is another domain.
		{[]string{"user", "login", name + "@buсher.example"}, "catfoster: log in", false},
	} {
		command := program.Command(t.Context(), env.Config, step.arguments...)
		command.Env = append(command.Env, "CATFOSTER_PASSWORD="+harness.Password)
		output, err := command.CombinedOutput()
		if (err == nil) != step.ok || !strings.HasPrefix(string(output), step.want) {
			t.Errorf("%v: %v %s, want %q, success: %t", step.arguments, err, output, step.want, step.ok)
		}
	}
}

func TestCommand_InvalidConfiguration(t *testing.T) {
	t.Parallel()
	program := env.Program(t)
	c := env.Config
	c.Postgres.URL, c.Kratos.AdminURL = "", "ftp://kratos"
	for _, arguments := range [][]string{{"serve"}, {"reconcile"}, {"migrate"}} {
		command := program.Command(t.Context(), c, arguments...)
		output, _ := command.CombinedOutput()
		if status := command.ProcessState.ExitCode(); status != 2 || !strings.Contains(string(output), "POSTGRES_URL must be set") {
			t.Errorf("%v with an invalid configuration: status %d, %s; want 2 and the problems", arguments, status, output)
		}
	}

	c = env.Config // It has the playground.
	c.Environment.Name = "production"
	command := program.Command(t.Context(), c, "serve")
	output, _ := command.CombinedOutput()
	if status := command.ProcessState.ExitCode(); status != 2 || !strings.Contains(string(output), "PLAYGROUND must not be true in production") {
		t.Errorf("serve in production with the playground: status %d, %s; want 2 and the problem", status, output)
	}
}

// TestCommand_AddressesThatNobodyHasConfirmed has an operator use an address that another member asks for, and one that is
// verified in Kratos alone.
func TestCommand_AddressesThatNobodyHasConfirmed(t *testing.T) {
	t.Parallel()
	program := env.Program(t)
	bob, mallory, next, lost := env.NewMember(t, "Bob"), env.NewMember(t, "Mallory"), harness.NewEmail(), harness.NewEmail()
	askFor(t, mallory, next)
	env.Register(t, lost, "Ada")
	env.Webhooks.Inject(lost, harness.Always("verification", harness.LoseCall))
	env.EnterCode(t, "", lost)
	for _, step := range []struct {
		arguments []string
		want      string
		ok        bool
	}{
		{[]string{"user", "move", bob.Email, next}, "Moved " + bob.Email + " to " + next + ".", true},
		{[]string{"admin", "grant", lost}, "catfoster: " + lost + " is not verified: it may be somebody else's", false},
	} {
		got, ok := program.Run(t, env.Config, step.arguments...)
		if got != step.want || ok != step.ok {
			t.Errorf("%v prints %q, succeeds: %t; want %q, %t", step.arguments, got, ok, step.want, step.ok)
		}
	}
	if got := env.Identity(t, mallory.Email).NewEmail; got != "" {
		t.Errorf("Mallory still asks for %s", got)
	}
}
