package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/infra/local"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// TestRestore_OlderDumps restores the three databases from dumps of which each may be older than the others, and then does what
// docs/operations.md says. The older dumps are those of older versions of the three programs. What Keto's database has does not
// matter, so its age is not combined with those of the others.
func TestRestore_OlderDumps(t *testing.T) {
	t.Parallel()
	c := restoredCommunity{OwnStack: env.NewOwnStack(t), program: env.Program(t)}
	migrate, reconcile := restoreSteps(t)
	c.begin(t)
	c.Stop(t)
	c.Dump(t, "old")
	c.UndoLastMigrations(t, "old")
	c.Start(t)
	c.goOn(t)
	c.Stop(t)
	c.Dump(t, "new")
	migrations := c.migrations(t)

	for _, older := range [][]string{{"the API"}, {"Kratos"}, {"Keto"}, {"the API", "Kratos"}} {
		isOlder := func(name string) bool { return slices.Contains(older, name) }
		for name, database := range map[string]string{"the API": "", "Kratos": "_kratos", "Keto": "_keto"} {
			c.Restore(t, database, map[bool]string{false: "new", true: "old"}[isOlder(name)])
		}
		about := "older databases of " + strings.Join(older, " and ")
		for _, line := range migrate {
			if output, ok := c.Operate(t, line); !ok {
				t.Fatalf("%s: %s: %s", about, line, output)
			}
		}
		if n := c.migrations(t); n != migrations {
			t.Fatalf("%s: %d migrations are applied, want %d", about, n, migrations)
		}
		c.StartServices(t)
		for _, line := range reconcile {
			wantOK := !strings.Contains(line, "--dry-run") // It fails because something differs.
			if output, ok := c.Operate(t, line); ok != wantOK {
				t.Errorf("%s: %s succeeds: %t, want %t: %s", about, line, ok, wantOK, output)
			}
		}
		if output, ok := c.program.Run(t, c.Config, "reconcile", "--dry-run"); !ok {
			t.Errorf("%s: after reconcile there are differences: %s", about, output)
		}
		c.StartServer(t)
		c.AwaitSynced(t)
		c.check(t, about, isOlder("the API"), isOlder("Kratos"))
		c.Stop(t)
	}
}

// restoredCommunity is a community whose databases are dumped twice.
type restoredCommunity struct {
	*harness.OwnStack

	program harness.Program

	ada, carol, dave, mona, sam, tom, nina harness.Member
	request, ninasCat                      uuid.UUID
}

// adasNewEmail is Ada's address in the newer dump.
const adasNewEmail = "adele@example.org"

// begin does what every dump has.
func (c *restoredCommunity) begin(t *testing.T) {
	t.Helper()
	for name, member := range map[string]*harness.Member{
		"Ada": &c.ada, "Carol": &c.carol, "Dave": &c.dave, "Mona": &c.mona, "Sam": &c.sam, "Tom": &c.tom,
	} {
		*member = c.NewMember(t, name)
	}
	c.request = c.Server.NewFostering(t, c.NewMember(t, "Bob"), c.Server.NewCat(t, c.ada), env.Day(1), env.Day(2))
	c.suspend(t, c.sam)
	c.AwaitSynced(t)
}

// goOn does what only the newer dump has.
func (c *restoredCommunity) goOn(t *testing.T) {
	t.Helper()
	c.Server.Approve(t, c.ada, c.request)
	c.nina = c.NewMember(t, "Nina")
	c.ninasCat = c.Server.NewCat(t, c.nina)
	c.Server.Query(t, c.carol.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
	if err := c.Kratos.ChangeEmail(t.Context(), c.ada.Email, adasNewEmail); err != nil {
		t.Fatal(err)
	}
	if err := c.Kratos.Verify(t.Context(), adasNewEmail); err != nil {
		t.Fatal(err)
	}
	c.Login(t, adasNewEmail)
	for _, arguments := range [][]string{{"admin", "grant", c.dave.Email}, {"admin", "grant", c.mona.Email, "--moderator"}} {
		if output, ok := c.program.Run(t, c.Config, arguments...); !ok {
			t.Fatal(output)
		}
	}
	c.suspend(t, c.tom)
	c.AwaitSynced(t)
	harness.Await(t, "the identity of a deleted account to be deleted", func() bool {
		return c.Count(t, `SELECT count(*) FROM users WHERE forgotten_at IS NOT NULL`) == 1
	})
}

func (c *restoredCommunity) suspend(t *testing.T, member harness.Member) {
	t.Helper()
	c.Exec(t, `INSERT INTO suspensions (id, created_at, updated_at, user_id, reason) VALUES (gen_random_uuid(), now(), now(), $1, 'Spam.')`, member.ID)
}

// migrations returns how many migrations the three databases have.
func (c *restoredCommunity) migrations(t *testing.T) (n int) {
	t.Helper()
	for database, table := range map[string]string{"": "goose_db_version", "_kratos": "schema_migration", "_keto": "schema_migration"} {
		n += c.CountIn(t, database, `SELECT count(*) FROM `+table)
	}
	return n
}

// check compares what members find with what the dumps have. Kratos decides about addresses and who can log in, the database of
// the API about all else, and that of Keto about nothing.
func (c *restoredCommunity) check(t *testing.T, about string, oldAPI, oldKratos bool) {
	t.Helper()
	email := map[bool]string{false: adasNewEmail, true: c.ada.Email}[oldKratos]
	status := map[bool]fostering.Status{false: fostering.Approved, true: fostering.Pending}[oldAPI]
	token := c.Login(t, email)
	if got := c.Server.Status(t, token, c.request); got != string(status) {
		t.Errorf("%s: the fostering is %s, want %s", about, got, status)
	}
	// Nina has signed up since, and Carol has deleted the account since. An account without an identity is lost, and a deleted
	// one comes back only if both dumps have it.
	for _, row := range []struct {
		what, query string
		argument    any
		want        bool
	}{
		{"Ada's address", `SELECT count(*) FROM users WHERE name = 'Ada' AND email = $1`, email, true},
		{"Nina's cat", `SELECT count(*) FROM cat_profiles WHERE id = $1`, c.ninasCat, !oldAPI && !oldKratos},
		{"Carol's account", `SELECT count(*) FROM users WHERE name = $1`, c.carol.Name, oldAPI && oldKratos},
	} {
		var n int
		if err := c.DB.QueryRowContext(t.Context(), row.query, row.argument).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n == 1 != row.want {
			t.Errorf("%s: %s is there: %t, want %t", about, row.what, n == 1, row.want)
		}
	}
	if _, err := c.Kratos.Login(t.Context(), c.carol.Email, harness.Password); (err == nil) != (oldAPI && oldKratos) {
		t.Errorf("%s: Carol logs in to the account that she has deleted: %v", about, err)
	}
	for role, member := range map[string]harness.Member{"Group:admin#members": c.dave, "Group:moderator#moderate": c.mona} {
		output, ok := c.program.Run(t, c.Config, "check", role+"@User:"+member.ID.String())
		if ok == oldAPI || !ok && !strings.Contains(output, "denied") {
			t.Errorf("%s: %s has %s: %t, want %t: %s", about, member.Name, role, ok, !oldAPI, output)
		}
	}
	for member, suspended := range map[harness.Member]bool{c.sam: true, c.tom: !oldAPI} {
		got, want := c.Server.Query(t, member.Token, `{ me { id } }`, nil).Code(), map[bool]string{true: "FORBIDDEN", false: "OK"}[suspended]
		if got != want {
			t.Errorf("%s: %s with a session from before: %s, want %s", about, member.Name, got, want)
		}
	}
	// Everybody who can log in can work: members whose users were lost as well.
	if !oldKratos {
		c.Server.NewCat(t, harness.Member{Token: c.Login(t, c.nina.Email)})
	}
	c.Server.NewCat(t, harness.Member{Token: token})
	c.AwaitSynced(t)
}

// restoreSteps returns the lines of the shell with which docs/operations.md migrates the restored databases, and those with
// which it compares them when Kratos and Keto run.
func restoreSteps(t *testing.T) (migrate, reconcile []string) {
	t.Helper()
	root, err := local.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := slices.DeleteFunc(codeBlocksOf(string(text)), func(b codeBlock) bool { return b.section != "Backup and restore" || b.kind != "sh" })
	if len(blocks) < 2 {
		t.Fatalf("the section about restoring has %d blocks, want one that migrates and one that compares", len(blocks))
	}
	linesOf := func(b codeBlock) []string { return strings.Split(strings.TrimSuffix(b.text, "\n"), "\n") }
	return linesOf(blocks[0]), linesOf(blocks[1])
}
