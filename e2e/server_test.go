package e2e

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/app/server"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/config"
)

func TestServer_RefusesAnotherPermissionModel(t *testing.T) {
	t.Parallel()
	// A Keto that has loaded another model.
	var fake http.ServeMux
	fake.HandleFunc("GET /namespaces", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"namespaces": [{"name": "User"}]}`))
	})
	c := env.Config
	c.Keto.PublicURL = harness.Serve(t, &fake)
	_, err := server.New(t.Context(), c, server.Options{Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, keto.ErrModel) || !strings.Contains(err.Error(), "Group, CatProfile, Fostering") {
		t.Errorf("start with another permission model: %v, want an error that names the missing namespaces", err)
	}
}

// TestServer_RefusesUndecidablePermissions starts servers whose GraphQL schema asks for what the
// permission model does not have, in this program or in Keto.
func TestServer_RefusesUndecidablePermissions(t *testing.T) {
	t.Parallel()
	options := server.Options{Log: slog.New(slog.DiscardHandler)}
	options.Schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
		directive @permission(namespace: String!, relation: String!, object: String!) on FIELD_DEFINITION
		type Query { cat(id: ID!): Int @permission(namespace: "CatProfile", relation: "purr", object: "id") }`})
	if _, err := server.New(t.Context(), env.Config, options); err == nil || !strings.Contains(err.Error(), `Query.cat: @permission: CatProfile has no permission "purr"`) {
		t.Errorf("start with a schema whose permission is unknown: %v, want an error that names it", err)
	}

	older := harness.NewProxy(t, env.Config.Keto.PublicURL)
	older.Intercept(func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
		if r.URL.Query().Get("relation") != string(keto.Approve) {
			return false
		}
		w.WriteHeader(http.StatusBadRequest) // As Keto answers about a permission that it does not know.
		return true
	})
	c := env.Config
	c.Keto.PublicURL = older.URL
	if _, err := server.New(t.Context(), c, server.Options{Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, keto.ErrModel) {
		t.Errorf("start with a Keto that lacks a permission: %v, want %v", err, keto.ErrModel)
	}
}

// TestServer_WrongAddressesOfKeto mixes up the two addresses of Keto, for a server and for commands.
func TestServer_WrongAddressesOfKeto(t *testing.T) {
	t.Parallel()
	read, write := env.Config.Keto.PublicURL, env.Config.Keto.AdminURL
	for name, test := range map[string]struct{ public, admin, want string }{
		"swapped":             {write, read, "wrong address of Ory Keto: ORY_KETO_PUBLIC_URL and ORY_KETO_ADMIN_URL are swapped"},
		"the write API twice": {write, write, "wrong address of Ory Keto: at ORY_KETO_PUBLIC_URL is not its read API"},
	} {
		c := env.Config
		c.Keto.PublicURL, c.Keto.AdminURL = test.public, test.admin
		_, err := server.New(t.Context(), c, server.Options{Log: slog.New(slog.DiscardHandler)})
		if invalid := (*config.Error)(nil); !errors.As(err, &invalid) || !slices.Equal(invalid.Problems, []string{test.want}) {
			t.Errorf("%s: the start fails with %v, want the problem %q of the configuration", name, err, test.want)
		}
		const user = "#members@User:0b2fbc4b-7b0b-4d7c-8d5f-0f5a4a3c2d1e"
		for _, arguments := range [][]string{{"check", "Group:admin" + user}, {"relate", "Group:test" + user}} {
			if output, ok := env.Program(t).Run(t, c, arguments...); ok || output != "catfoster: "+test.want {
				t.Errorf("%s: %v prints %q, succeeds: %t; want %q", name, arguments, output, ok, test.want)
			}
		}
	}
}

// TestServer_RequestTimeout has a query wait for a lock. The limits of the database would end it
// later, as a conflict.
func TestServer_RequestTimeout(t *testing.T) {
	t.Parallel()
	stack, ada := env.NewIsolatedStack(t), env.NewMember(t, "Ada")
	c := stack.Config
	c.Listen.RequestTimeout = 5 * time.Second // Long enough for the other requests on a busy machine.
	c.Postgres.URL += "&lock_timeout=60000"
	s := env.StartServer(t, c)
	s.UserID(t, ada.Token)
	lock, err := stack.DB.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), `LOCK TABLE cat_profiles IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	const cats = `{ catProfiles { edges { node { id } } } }`
	if got := s.Query(t, ada.Token, cats, nil).Code(); got != "UNAVAILABLE" {
		t.Errorf("a query that takes longer than REQUEST_TIMEOUT: %s, want UNAVAILABLE", got)
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := s.Query(t, ada.Token, cats, nil).Code(); got != "OK" {
		t.Errorf("the query without the lock: %s, want OK", got)
	}
}

func TestServer_LogsNothingConfidential(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada Unusualname")
	cat := env.NewCat(t, ada)
	env.Query(t, ada.Token, `mutation($id: ID!) { updateCatProfile(id: $id, input: {name: ""}) { id } }`, map[string]any{"id": cat})
	c := env.Config
	c.Kratos.PublicURL = env.MailURL()
	env.StartServer(t, c).QueryWithHeader(t, http.Header{"X-Session-Token": {ada.Token}}, `{ me { id } }`, nil)
	logged := env.Log()
	if !strings.Contains(logged, "request failed") {
		t.Fatal("the failed request is not in the log")
	}
	for what, secret := range map[string]string{
		"a token": ada.Token, "an address": ada.Email, "a name": "Unusualname",
		"a password": harness.Password, "the webhook key": env.Config.Webhooks.ActionAPIKeys[0],
	} {
		if strings.Contains(logged, secret) {
			t.Errorf("%s is in the log", what)
		}
	}
}
