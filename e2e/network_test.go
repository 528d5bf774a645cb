package e2e

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestNetwork_KeysInEveryCall puts gateways before Kratos and Keto that demand the keys of
// a project in Ory Network.
func TestNetwork_KeysInEveryCall(t *testing.T) {
	t.Parallel()
	const kratosKey, ketoKey = "ory_pat_of_the_identity_service", "ory_pat_of_the_permission_service"
	var mu sync.Mutex
	refused := map[string]int{}
	gateway := func(service, key string) *harness.Proxy {
		p := harness.NewProxy(t, service)
		p.Intercept(func(w http.ResponseWriter, r *http.Request, _ []byte) bool {
			if r.Header.Get("Authorization") == "Bearer "+key {
				return false
			}
			mu.Lock()
			defer mu.Unlock()
			refused[r.Method+" "+service+r.URL.Path]++
			w.WriteHeader(http.StatusUnauthorized)
			return true
		})
		return p
	}
	c := env.Config
	gateways := map[string]*harness.Proxy{
		"Kratos's public API": gateway(c.Kratos.PublicURL, kratosKey), "Kratos's admin API": gateway(c.Kratos.AdminURL, kratosKey),
		"Keto's read API": gateway(c.Keto.PublicURL, ketoKey), "Keto's write API": gateway(c.Keto.AdminURL, ketoKey),
	}
	c.Kratos.PublicURL, c.Kratos.AdminURL = gateways["Kratos's public API"].URL, gateways["Kratos's admin API"].URL
	c.Keto.PublicURL, c.Keto.AdminURL = gateways["Keto's read API"].URL, gateways["Keto's write API"].URL
	c.Kratos.APIKey, c.Keto.APIKey = kratosKey, ketoKey
	server := env.StartServer(t, c)

	awaitReadiness(t, server, "all services to be ready", isReady)
	owner, guest, leaving := env.NewMember(t, "Owner"), env.NewMember(t, "Guest"), env.NewMember(t, "Leaving")
	cat := server.NewCat(t, owner)
	cookie := env.BrowserLogin(t, guest.Email)
	for _, step := range []struct {
		about, query, want string
		header             http.Header
	}{
		{"a session cookie", `{ me { id } }`, "OK", http.Header{"Cookie": {cookie}}},
		{"a denial", `mutation { updateCatProfile(id: "` + cat.String() + `", input: {age: 4}) { age } }`, "FORBIDDEN", http.Header{"X-Session-Token": {guest.Token}}},
		{"an unknown token", `{ me { id } }`, "UNAUTHENTICATED", http.Header{"X-Session-Token": {"ory_st_unknown"}}},
		{"a deletion", `mutation { deleteAccount }`, "OK", http.Header{"X-Session-Token": {leaving.Token}}},
	} {
		if got := server.QueryWithHeader(t, step.header, step.query, nil).Code(); got != step.want {
			t.Errorf("%s: %s, want %s", step.about, got, step.want)
		}
	}
	if status, body := server.CallWebhook(t, "login", harness.IdentityPayload(env.Identity(t, guest.Email).ID)); status >= 300 {
		t.Errorf("the webhook for a login, which asks Kratos: %d %s", status, body)
	}

	program, email := env.Program(t), harness.NewEmail()
	for _, arguments := range [][]string{
		{"user", "register", email, "--name", "Ada"},
		{"user", "verify", email},
		{"user", "login", email},
		{"admin", "grant", email},
		{"check", "Group:admin#members@User:" + owner.ID.String()},
		{"relate", "Group:network-test#members@User:" + owner.ID.String()},
		{"relate", "--delete", "Group:network-test#members@User:" + owner.ID.String()},
		{"admin", "revoke", email},
		{"reconcile", "--dry-run"},
	} {
		command := program.Command(t.Context(), c, arguments...)
		command.Env = append(command.Env, "CATFOSTER_PASSWORD="+harness.Password)
		output, err := command.CombinedOutput()
		isAnswer := slices.Contains([]string{"check", "reconcile"}, arguments[0]) // It may be no.
		if err != nil && !isAnswer {
			t.Errorf("%v: %v: %s", arguments, err, output)
		}
		if strings.Contains(string(output), "ory_pat_") {
			t.Errorf("%v prints a key: %s", arguments, output)
		}
	}

	mu.Lock()
	defer mu.Unlock()
	for call, times := range refused {
		t.Errorf("%s was called %d times without the key", call, times)
	}
	for about, gateway := range gateways {
		if calls := gateway.TakeCalls(); len(calls) == 0 {
			t.Errorf("%s was not called, so that this test shows nothing about it", about)
		}
	}
	if strings.Contains(env.Log(), "ory_pat_") {
		t.Error("a key is in the log")
	}
}
