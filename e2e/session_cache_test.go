package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/usecase"
)

// withSessionsCachedFor returns a configuration with another age of the session cache.
func withSessionsCachedFor(c config.Config, age time.Duration) config.Config {
	c.Kratos.SessionCache = age
	return c
}

// TestSessionCache_FreshSession ends a session that is cached. What cannot be undone asks
// Kratos in spite of that.
func TestSessionCache_FreshSession(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, time.Hour))
	other := env.NewMember(t, "Other")
	for name, mutation := range map[string]string{
		"grantAdmin":     `mutation($id: ID!) { grantAdmin(userId: $id) { id } }`,
		"revokeAdmin":    `mutation($id: ID!) { revokeAdmin(userId: $id) { id } }`,
		"grantModerator": `mutation($id: ID!) { grantModerator(userId: $id) { id } }`,
		"suspendUser":    `mutation($id: ID!) { suspendUser(input: {userId: $id, reason: "Spam."}) { id } }`,
		"reinstateUser":  `mutation($id: ID!) { reinstateUser(id: $id) { id } }`,
		"deleteAccount":  harness.DeleteAccountMutation,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada := env.NewMember(t, "Ada")
			env.Grant(t, ada.ID, usecase.SuperAdmin)
			variables := map[string]any{}
			if strings.Contains(mutation, "$id") {
				variables["id"] = other.ID
			}
			me := func(want string) {
				t.Helper()
				if got := server.Query(t, ada.Token, `{ me { id } }`, nil).Code(); got != want {
					t.Errorf("me: %s, want %s", got, want)
				}
			}
			me("OK")
			logOut(t, ada)
			me("OK") // It is cached.
			response := server.Query(t, ada.Token, mutation, variables)
			if code, calls := response.Code(), env.CostOf(response).Kratos; code != "UNAUTHENTICATED" || calls == 0 {
				t.Errorf("%s after the logout: %s with %d calls to Kratos, want UNAUTHENTICATED from Kratos", name, code, calls)
			}
			me("UNAUTHENTICATED") // The new answer is cached.
		})
	}
}

// TestSessionCache_Age ends a session that is cached. It is accepted for the age of the
// cache at most.
func TestSessionCache_Age(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, time.Second))
	ada := env.NewMember(t, "Ada")
	code := func() string { return server.Query(t, ada.Token, `{ me { id } }`, nil).Code() }
	if got := code(); got != "OK" {
		t.Fatalf("me: %s", got)
	}
	logOut(t, ada)
	harness.Await(t, "the session to be refused", func() bool { return code() == "UNAUTHENTICATED" })
}

// TestSessionCache_Off ends a session of a server without the cache.
func TestSessionCache_Off(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, 0))
	ada := env.NewMember(t, "Ada")
	for range 2 {
		response := server.Query(t, ada.Token, `{ me { id } }`, nil)
		if got := env.CostOf(response); got != (harness.Cost{SQL: 1, Kratos: 1}) {
			t.Errorf("me costs %+v, want a call to Kratos and the user's row each time", got)
		}
	}
	logOut(t, ada)
	if got := server.Query(t, ada.Token, `{ me { id } }`, nil).Code(); got != "UNAUTHENTICATED" {
		t.Errorf("me after the logout: %s, want UNAUTHENTICATED", got)
	}
}

// TestSessionCache_Changes has a user change through this process: by a mutation, and by
// Kratos's webhook after a change of the settings. The next request sees it.
func TestSessionCache_Changes(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	bio := func() *string {
		t.Helper()
		var data struct{ Me struct{ Bio *string } }
		env.Query(t, ada.Token, `{ me { bio } }`, nil).Decode(t, &data)
		return data.Me.Bio
	}
	bio()
	if code := env.Query(t, ada.Token, `mutation { updateProfile(input: {bio: "Cats first."}) { id } }`, nil).Code(); code != "OK" {
		t.Fatalf("updateProfile: %s", code)
	}
	if got := bio(); got == nil || *got != "Cats first." {
		t.Errorf("after updateProfile the bio is %v", got)
	}
}

// TestSessionCache_Metrics reads the metrics of one miss and two hits.
func TestSessionCache_Metrics(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, time.Hour))
	ada := env.NewMember(t, "Ada")
	hits := func() float64 { return server.Metric(t, "catfoster_session_cache_hits_total") }
	requests := 0
	// The server may hear late that the sign-up has changed the member, and forgets the session then.
	harness.Await(t, "two hits in a row", func() bool {
		before := hits()
		for range 2 {
			server.Query(t, ada.Token, `{ me { id } }`, nil)
			requests++
		}
		return hits() == before+2
	})
	for name, want := range map[string]float64{
		"catfoster_session_cache_misses_total":      float64(requests) - hits(),
		"catfoster_session_cache_age_seconds_count": hits(),
		"catfoster_session_cache_entries":           1,
	} {
		if got := server.Metric(t, name); got != want {
			t.Errorf("%s is %v after %d requests, want %v", name, got, requests, want)
		}
	}
	if misses := server.Metric(t, "catfoster_session_cache_misses_total"); misses == 0 {
		t.Error("the first request was no miss")
	}
}

// logOut ends a member's session in Kratos, which calls no webhook then.
func logOut(t *testing.T, member harness.Member) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, env.Config.Kratos.PublicURL+"/self-service/logout/api",
		strings.NewReader(`{"session_token": "`+member.Token+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if status, body := harness.Send(t, request); status != http.StatusNoContent {
		t.Fatalf("log out: %d %s", status, body)
	}
}
