package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/mail/mailtest"
)

// health is an answer of /health/ready.
type health struct {
	status   int
	Status   string
	Problems map[string]string
	Notes    map[string]string
	Works    string
}

func readinessOf(t *testing.T, s *harness.Server) health {
	t.Helper()
	status, body := s.Get(t, "/health/ready")
	h := health{status: status}
	if err := json.Unmarshal([]byte(body), &h); err != nil {
		t.Fatalf("/health/ready: %d %s: %v", status, body, err)
	}
	return h
}

// awaitReadiness waits until the server says what it must say about itself. A machine that is
// busy may take longer than the server waits for Keto: then the server is degraded for a
// second.
func awaitReadiness(t *testing.T, s *harness.Server, what string, want func(health) bool) {
	t.Helper()
	var got health
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the last answer of /health/ready while waiting for %s: %+v", what, got)
		}
	})
	harness.Await(t, what, func() bool { got = readinessOf(t, s); return want(got) })
}

func isReady(h health) bool { return h.Status == "ok" }

func TestHealth_UnresponsivePostgres(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Postgres.URL = "postgres://x:y@" + harness.UnresponsiveAddress(t) + "/x?sslmode=disable"
	server := env.StartServer(t, c)
	awaitReadiness(t, server, "the server to miss Postgres alone", func(h health) bool {
		return h.Status == "unavailable" && maps.Equal(h.Problems, map[string]string{"postgres": "not ready"}) && h.Works == ""
	})
	ada := env.NewMember(t, "Ada")
	if got := server.Query(t, ada.Token, `{ me { id } }`, nil).Code(); got != "UNAVAILABLE" {
		t.Errorf("me: %s, want UNAVAILABLE", got)
	}
}

func TestHealth_Problems(t *testing.T) {
	t.Parallel()
	unreachable, unreachablePostgres := harness.UnreachableURL(t), harness.UnreachablePostgresURL(t)
	for name, test := range map[string]struct {
		change   func(*config.Config)
		code     int
		status   string
		problems map[string]string
	}{
		"no problem": {func(*config.Config) {}, http.StatusOK, "ok", nil},
		"Kratos is unreachable": {
			func(c *config.Config) { c.Kratos.PublicURL = unreachable },
			http.StatusServiceUnavailable, "unavailable", map[string]string{"kratos": "not ready"},
		},
		"Keto is unreachable": {
			func(c *config.Config) { c.Keto.PublicURL = unreachable },
			http.StatusOK, "degraded", map[string]string{"keto": "not ready"},
		},
		"Kratos and Keto are unreachable": {
			func(c *config.Config) { c.Kratos.PublicURL, c.Keto.PublicURL = unreachable, unreachable },
			http.StatusServiceUnavailable, "unavailable", map[string]string{"kratos": "not ready", "keto": "not ready"},
		},
		"Postgres is unreachable": {
			func(c *config.Config) { c.Postgres.URL = unreachablePostgres },
			http.StatusServiceUnavailable, "unavailable", map[string]string{"postgres": "not ready"},
		},
		"migrations are pending": {
			// The database postgres has none of our tables.
			func(c *config.Config) {
				c.Postgres.URL = strings.Replace(c.Postgres.URL, "/catfoster?", "/postgres?", 1)
			},
			http.StatusServiceUnavailable, "unavailable", map[string]string{"postgres": "migrations are pending: run the command migrate"},
		},
		"the database takes no writes": {
			func(c *config.Config) { c.Postgres.URL += "&default_transaction_read_only=on" },
			http.StatusServiceUnavailable, "unavailable",
			map[string]string{"postgres": "the database takes no writes: it is a standby, or default_transaction_read_only is set"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := env.Config
			test.change(&c)
			server := env.StartServer(t, c)
			if status, _ := server.Get(t, "/health/alive"); status != http.StatusOK {
				t.Errorf("%s: /health/alive: %d, want 200", name, status)
			}
			var got health
			awaitReadiness(t, server, fmt.Sprintf("%s: %d %s %v", name, test.code, test.status, test.problems), func(h health) bool {
				got = h
				return h.status == test.code && h.Status == test.status && maps.Equal(h.Problems, test.problems)
			})
			if says := got.Works != ""; says != (test.status == "degraded") {
				t.Errorf("%s: the answer says that %q works, want that it does so if the server is degraded", name, got.Works)
			}
		})
	}
}

// TestHealth_Schema starts a server on an empty database, migrates it, and has a newer version migrate it once more.
func TestHealth_Schema(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Postgres.URL = env.NewEmptyDatabase(t)
	c.Mail.SMTPURL = mailtest.New(t).URL // So that scrapes count what waits to be mailed.
	program := env.Program(t)
	replica := env.StartReplica(t, program, c)
	awaitReadiness(t, replica.Server, "the server to miss the schema", func(h health) bool {
		return h.status == http.StatusServiceUnavailable && h.Problems["postgres"] == "migrations are pending: run the command migrate"
	})
	began := time.Now()
	harness.Await(t, "five seconds without a schema", func() bool {
		readinessOf(t, replica.Server)
		replica.Metric(t, "catfoster_live_streams") // As Prometheus reads them.
		return time.Since(began) > 5*time.Second
	})
	if output, ok := program.Run(t, c, "migrate"); !ok {
		t.Fatalf("migrate: %s", output)
	}
	awaitReadiness(t, replica.Server, "the server to be ready", func(h health) bool { return isReady(h) && len(h.Notes) == 0 })
	replica.Metric(t, "catfoster_mails_queued") // It fails if there is none.
	ada := env.NewMember(t, "Ada")
	replica.NewCat(t, ada)
	harness.Await(t, "the tuples of a cat to be written by the work in the background", func() bool {
		return replica.Metric(t, "catfoster_outbox_entries") == 0
	})
	db := harness.OpenDatabase(t, c.Postgres.URL)
	if _, err := db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (29991231235959, true)"); err != nil {
		t.Fatal(err)
	}
	const newer = "the schema is that of a newer version: this version still works with it"
	awaitReadiness(t, replica.Server, "the server to note a newer schema", func(h health) bool {
		return h.status == http.StatusOK && isReady(h) && h.Notes["postgres"] == newer
	})
	replica.Kill()
	var faults []string
	for line := range strings.Lines(replica.Log()) {
		if strings.Contains(line, `"WARN"`) || strings.Contains(line, `"ERROR"`) {
			faults = append(faults, line)
		}
	}
	if len(faults) != 2 || !strings.Contains(faults[0], "run the command migrate") || !strings.Contains(faults[1], newer) {
		t.Errorf("the log has the warnings and errors\n%s\nwant one about the missing schema and one about the newer one", strings.Join(faults, ""))
	}
	replica.Start(t)
	harness.Await(t, "the log to say at the start that the schema is newer", func() bool {
		return isReady(readinessOf(t, replica.Server)) // It has looked at the schema before.
	})
	replica.Kill()
	if n := strings.Count(replica.Log(), newer); n != 2 {
		t.Errorf("after another start the log says %d times that the schema is newer, want once for each process", n)
	}
}

// TestHealth_Standby makes a Postgres a standby while a server runs, and a primary again.
func TestHealth_Standby(t *testing.T) {
	t.Parallel()
	stack, ada := env.NewOwnPostgres(t), env.NewMember(t, "Ada")
	server := env.StartServer(t, stack.Config)
	cat := server.NewCat(t, ada)
	createCat := func() string { return server.Query(t, ada.Token, harness.CreateCatMutation, nil).Code() }
	stack.MakeStandby(t)
	awaitReadiness(t, server, "the server to miss a database that takes writes", func(h health) bool {
		return h.status == http.StatusServiceUnavailable && strings.HasPrefix(h.Problems["postgres"], "the database takes no writes")
	})
	if got := createCat(); got != "UNAVAILABLE" {
		t.Errorf("a mutation on a standby: %s, want UNAVAILABLE", got)
	}
	harness.Await(t, "a query to work on a standby", func() bool {
		return server.Query(t, ada.Token, `{ catProfile(id: "`+cat.String()+`") { name } }`, nil).Code() == "OK"
	})
	stack.Exec(t, "SELECT pg_promote()")
	awaitReadiness(t, server, "the server to be ready again", isReady)
	if got := createCat(); got != "OK" {
		t.Errorf("a mutation after the promotion: %s, want OK", got)
	}
}

// TestHealth_KetoPaused checks that the answer about a Keto that does not respond is what it
// says: the server is ready, and what works, works.
func TestHealth_KetoPaused(t *testing.T) {
	t.Parallel()
	stack, owner := env.NewIsolatedStack(t), env.NewMember(t, "Owner")
	server := env.StartServer(t, stack.Config)
	cat := server.NewCat(t, owner)
	awaitReadiness(t, server, "the server to be ready before the pause", isReady)
	stack.PauseKeto(t)
	awaitReadiness(t, server, "the server to be degraded", func(got health) bool {
		return got.status == http.StatusOK && got.Status == "degraded" && got.Problems["keto"] != ""
	})
	for query, want := range map[string]string{
		`{ me { id name } }`: "OK",
		`{ catProfiles(first: 5) { edges { node { id name owner { name } } } } }`: "OK",
		`{ catProfile(id: "` + cat.String() + `") { name } }`:                     "OK",
		`mutation { updateProfile(input: {bio: "patient"}) { bio } }`:             "OK",
		harness.CreateCatMutation:                                                 "OK",
		editCat(cat):                                                              "UNAVAILABLE",
		`mutation { requestFostering(input: {catProfileId: "` + cat.String() + `", startDate: "` + env.Day(1) + `", endDate: "` + env.Day(2) + `"}) { id } }`: "UNAVAILABLE",
		`{ catProfile(id: "` + cat.String() + `") { viewerCanEdit } }`:                                                                                        "OK",
	} {
		if got := server.Query(t, owner.Token, query, nil).Code(); got != want {
			t.Errorf("%s while Keto does not respond: %s, want %s", query, got, want)
		}
	}
	stack.ResumeKeto(t)
	awaitReadiness(t, server, "the server to be ready", isReady)
}

func TestHealth_KratosPaused(t *testing.T) {
	t.Parallel()
	kratos := env.NewIsolatedKratos(t)
	server := env.StartServer(t, kratos.Config)
	checkPause(t, server, "kratos", func() { kratos.Pause(t) }, func() { kratos.Resume(t) })
}

func TestHealth_PostgresPaused(t *testing.T) {
	t.Parallel()
	stack := env.NewOwnPostgres(t)
	server := env.StartServer(t, stack.Config)
	checkPause(t, server, "postgres", func() { stack.PausePostgres(t) }, func() { stack.ResumePostgres(t) })
}

// checkPause pauses a service that a server cannot do without.
func checkPause(t *testing.T, server *harness.Server, name string, pause, resume func()) {
	t.Helper()
	awaitReadiness(t, server, "the server to be ready before the pause of "+name, isReady)
	pause()
	awaitReadiness(t, server, "the server not to be ready", func(got health) bool {
		return got.status == http.StatusServiceUnavailable && got.Problems[name] != ""
	})
	if status, _ := server.Get(t, "/health/alive"); status != http.StatusOK {
		t.Errorf("alive while %s does not respond: %d, want 200", name, status)
	}
	resume()
	awaitReadiness(t, server, "the server to be ready again", isReady)
}

// TestHealth_PoolTaken has requests that wait for a lock take all connections of the pool. The
// server is ready nevertheless: another one would have to wait as well.
func TestHealth_PoolTaken(t *testing.T) {
	t.Parallel()
	stack, ada := env.NewIsolatedStack(t), env.NewMember(t, "Ada")
	c := stack.Config
	c.Postgres.MaxConnections = 2
	c.Postgres.URL += "&lock_timeout=20000"
	server := env.StartServer(t, c)
	server.UserID(t, ada.Token) // The session is in the cache from now on.

	unlock := stack.LockCats(t)
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range 8 {
		waiting.Go(func() { _, _ = server.TryQuery(ctx, ada.Token, `{ catProfiles { edges { node { id } } } }`, nil) })
	}
	harness.Await(t, "requests to take all connections of the pool", func() bool {
		return stack.WaitingForLocks(t) == c.Postgres.MaxConnections
	})
	awaitReadiness(t, server, "the server to be ready while all connections of the pool are taken", func(got health) bool {
		return isReady(got) && stack.WaitingForLocks(t) == c.Postgres.MaxConnections
	})
	cancel()
	unlock()
	waiting.Wait()
}
