package e2e

import (
	"database/sql"
	"strings"
	"testing"
)

// TestCleanup_DeletesWhatIsOld ages the rows of one member in Kratos's database.
func TestCleanup_DeletesWhatIsOld(t *testing.T) {
	t.Parallel()
	ada := env.SignUp(t, "Ada")
	old, recent := env.OpenFlow(t, "login/api", ""), env.OpenFlow(t, "login/api", "")
	env.OpenRecovery(t, ada.Email)
	env.AwaitRecoveryCode(t, ada.Email) // Two mails have been sent by now.
	const ago = "now() - interval '30 days'"
	env.ExecInKratos(t, "UPDATE selfservice_login_flows SET expires_at = "+ago+" WHERE id = $1", old.ID)
	env.ExecInKratos(t, "UPDATE courier_messages SET created_at = "+ago+", status = CASE WHEN template_type LIKE 'verification%' THEN 3 ELSE 2 END WHERE recipient = $1", ada.Email)
	env.ExecInKratos(t, "UPDATE sessions SET expires_at = "+ago+" WHERE token = $1", ada.Token)
	still := env.Login(t, ada.Email)

	dsn := env.KratosDatabase(t)
	command := env.Program(t).Command(t.Context(), env.Config, "cleanup")
	command.Env = append(command.Env, "kratos_dsn="+dsn+"&max_conns=4&max_idle_conns=4")
	output, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "Deleted ") {
		t.Fatalf("cleanup: %v: %s", err, output)
	}

	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, test := range []struct {
		about, query string
		argument     any
		want         int
	}{
		{"the expired flow", "SELECT count(*) FROM selfservice_login_flows WHERE id = $1", old.ID, 0},
		{"the flow that has not expired", "SELECT count(*) FROM selfservice_login_flows WHERE id = $1", recent.ID, 1},
		{"the expired session", "SELECT count(*) FROM sessions WHERE token = $1", ada.Token, 0},
		{"the current session", "SELECT count(*) FROM sessions WHERE token = $1", still, 1},
		{"the mail that was sent", "SELECT count(*) FROM courier_messages WHERE status = 2 AND recipient = $1", ada.Email, 0},
		{"the mail that waits to be sent", "SELECT count(*) FROM courier_messages WHERE status = 3 AND recipient = $1", ada.Email, 1},
	} {
		var got int
		if err := db.QueryRowContext(t.Context(), test.query, test.argument).Scan(&got); err != nil || got != test.want {
			t.Errorf("%s exists %d times after the cleanup, %v, want %d", test.about, got, err, test.want)
		}
	}
	env.Query(t, still, `{ me { id } }`, nil).RequireOK(t)
}
