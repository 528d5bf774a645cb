package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/config"
)

func TestHealth_UnresponsivePostgres(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Postgres.URL = "postgres://x:y@" + harness.UnresponsiveAddress(t) + "/x?sslmode=disable"
	server := env.StartServer(t, c)
	_, body := server.Get(t, "/health/ready")
	if want := `{"problems":{"postgres":"not ready"},"status":"unavailable"}`; strings.TrimSpace(body) != want {
		t.Errorf("/health/ready: %s, want %s", body, want)
	}
	ada := env.NewMember(t, "Ada")
	if got := server.Query(t, ada.Token, `{ me { id } }`, nil).Code(); got != "UNAVAILABLE" {
		t.Errorf("me: %s, want UNAVAILABLE", got)
	}
}

func TestHealth_Problems(t *testing.T) {
	t.Parallel()
	unreachable, unreachablePostgres := env.UnreachableURL(t), env.UnreachablePostgresURL(t)
	for name, test := range map[string]struct {
		change   func(*config.Config)
		status   int
		problems map[string]string
	}{
		"no problem": {func(*config.Config) {}, http.StatusOK, nil},
		"Kratos is unreachable": {
			func(c *config.Config) { c.Kratos.PublicURL = unreachable },
			http.StatusServiceUnavailable, map[string]string{"kratos": "not ready"},
		},
		"Keto is unreachable": {
			func(c *config.Config) { c.Keto.PublicURL = unreachable },
			http.StatusServiceUnavailable, map[string]string{"keto": "not ready"},
		},
		"Postgres is unreachable": {
			func(c *config.Config) { c.Postgres.URL = unreachablePostgres },
			http.StatusServiceUnavailable, map[string]string{"postgres": "not ready"},
		},
		"migrations are pending": {
			// The database postgres has none of our tables.
			func(c *config.Config) {
				c.Postgres.URL = strings.Replace(c.Postgres.URL, "/catfoster?", "/postgres?", 1)
			},
			http.StatusServiceUnavailable, map[string]string{"postgres": "not ready"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := env.Config
			test.change(&c)
			server := env.StartServer(t, c)
			for path, want := range map[string]int{"/health/alive": http.StatusOK, "/health/ready": test.status} {
				status, body := server.Get(t, path)
				if status != want {
					t.Errorf("%s: %s: %d, want %d", name, path, status, want)
				}
				var result struct{ Problems map[string]string }
				if err := json.Unmarshal([]byte(body), &result); err != nil {
					t.Fatal(err)
				}
				if path == "/health/ready" {
					if diff := cmp.Diff(test.problems, result.Problems); diff != "" {
						t.Errorf("%s: problems (-want +got):\n%s", name, diff)
					}
				}
			}
		})
	}
}
