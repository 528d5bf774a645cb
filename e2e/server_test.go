package e2e

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/server"
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
