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

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// health is an answer of /health/ready.
type health struct {
	status   int
	Status   string
	Problems map[string]string
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
			http.StatusServiceUnavailable, "unavailable", map[string]string{"postgres": "not ready"},
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
