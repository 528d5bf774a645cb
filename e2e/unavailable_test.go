package e2e

import (
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestUnavailable_Services(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	cat := env.NewCat(t, ada)
	unreachable := harness.UnreachableURL(t)
	const (
		me     = `{ me { id } }`
		update = `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 5}) { age } }`
	)
	for name, test := range map[string]struct {
		kratos, keto, postgres string
		token, query           string
		want                   string
	}{
		"Kratos unreachable, member reads":    {kratos: unreachable, token: ada.Token, query: me, want: "UNAVAILABLE"},
		"Kratos unreachable, anonymous reads": {kratos: unreachable, query: me, want: "UNAUTHENTICATED"},
		"Keto unreachable, owner updates":     {keto: unreachable, token: ada.Token, query: update, want: "UNAVAILABLE"},
		"Keto unreachable, anonymous updates": {keto: unreachable, query: update, want: "UNAUTHENTICATED"},
		"Keto unreachable, member reads":      {keto: unreachable, token: ada.Token, query: me, want: "OK"},
		"Postgres unreachable, member reads":  {postgres: harness.UnreachablePostgresURL(t), token: ada.Token, query: me, want: "UNAVAILABLE"},
		"another service in place of Kratos":  {kratos: env.MailURL(), token: ada.Token, query: me, want: "UNAVAILABLE"},
		"all services reachable":              {token: ada.Token, query: update, want: "OK"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := env.Config
			if test.kratos != "" {
				c.Kratos.PublicURL = test.kratos
			}
			if test.keto != "" {
				c.Keto.PublicURL, c.Keto.AdminURL = test.keto, test.keto
			}
			if test.postgres != "" {
				c.Postgres.URL = test.postgres
			}
			server := env.StartServer(t, c)
			variables := map[string]any{}
			if test.query == update {
				variables["id"] = cat
			}
			if got := server.Query(t, test.token, test.query, variables).Code(); got != test.want {
				t.Errorf("%s: %s, want %s", name, got, test.want)
			}
		})
	}
}
