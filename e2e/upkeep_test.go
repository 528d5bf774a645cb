package e2e

import (
	"net/url"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestUpkeep_Cleanup reads when the command cleanup has succeeded from the metrics of a server that was not there then.
func TestUpkeep_Cleanup(t *testing.T) {
	t.Parallel()
	c, program := env.Config, env.Program(t)
	c.Postgres.URL = env.NewDatabase(t)
	last := func() time.Time {
		return time.Unix(int64(env.StartServer(t, c).Metric(t, "catfoster_cleanup_last_success_seconds")), 0)
	}
	if got := last(); got.Unix() != 0 {
		t.Errorf("before the first cleanup the last one was at %s", got)
	}
	command := program.Command(t.Context(), c, "cleanup")
	command.Env = append(command.Env, "kratos_dsn="+harness.UnreachablePostgresURL(t))
	if output, err := command.CombinedOutput(); err == nil {
		t.Fatalf("a cleanup without Kratos's database succeeds: %s", output)
	}
	if got := last(); got.Unix() != 0 {
		t.Errorf("after a cleanup that has failed the last one was at %s", got)
	}
	began := time.Now().Truncate(time.Second)
	if output, ok := program.Run(t, c, "cleanup", "--no-kratos"); !ok {
		t.Fatalf("clean up: %s", output)
	}
	if got := last(); got.Before(began) {
		t.Errorf("the last cleanup was at %s, want one after %s", got, began)
	}
}

// TestUpkeep_KratosMails counts a mail that Kratos has given up.
func TestUpkeep_KratosMails(t *testing.T) {
	t.Parallel()
	ada := env.SignUp(t, "Ada")
	kratos := harness.OpenDatabase(t, env.KratosDatabase(t))
	harness.Await(t, "a mail to be sent", func() bool { // Before, Kratos would change its status once more.
		var sent int
		err := kratos.QueryRowContext(t.Context(), `SELECT count(*) FROM courier_messages WHERE recipient = $1 AND status = 2`, ada.Email).Scan(&sent)
		return err == nil && sent > 0
	})
	before := env.Metric(t, `catfoster_kratos_mails{status="abandoned"}`)
	env.ExecInKratos(t, `UPDATE courier_messages SET status = 4 WHERE recipient = $1 AND status = 2`, ada.Email)
	if after := env.Metric(t, `catfoster_kratos_mails{status="abandoned"}`); after <= before {
		t.Errorf("after one more mail was given up Kratos has %v of them, before %v", after, before)
	}
	if queued := env.Metric(t, `catfoster_kratos_mails{status="queued"}`); queued < 0 {
		t.Errorf("Kratos has %v mails that wait", queued)
	}
}

// TestUpkeep_Connections has a server whose role may open 30 connections.
func TestUpkeep_Connections(t *testing.T) {
	t.Parallel()
	c, role := env.Config, env.NewLimitedRole(t)
	c.Postgres.URL = role.URL(t, env.NewDatabase(t))
	role.Limit(t, 30)
	server := env.StartServer(t, c)
	address, err := url.Parse(c.Postgres.URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, most := range map[string]float64{address.User.Username(): 30, "all": 500} {
		used := server.Metric(t, `catfoster_postgres_connections{role="`+name+`"}`)
		limit := server.Metric(t, `catfoster_postgres_connections_limit{role="`+name+`"}`)
		if used < 1 || used > limit || limit > most || limit < most-10 {
			t.Errorf("%s has %v connections of %v, want at least one of %v", name, used, limit, most)
		}
	}
}
