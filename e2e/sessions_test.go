package e2e

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// callSessions calls Kratos's API of sessions by the proxy of a server. It returns the status and the
// ids in the answer.
func callSessions(t *testing.T, server *harness.Server, method, path, token string) (status int, ids []string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+config.ProxyPath+"sessions"+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Session-Token", token)
	status, body := harness.Send(t, request)
	var sessions []struct{ ID string }
	_ = json.Unmarshal([]byte(body), &sessions) // It is no list if there is an error.
	for _, session := range sessions {
		ids = append(ids, session.ID)
	}
	return status, ids
}

// TestSessions_EndOthers ends sessions that a server has in its cache.
func TestSessions_EndOthers(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, time.Hour))
	ada, bob, eve := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")
	tokens := []string{ada.Token, env.Login(t, ada.Email), env.Login(t, ada.Email), env.Login(t, ada.Email)}
	check := func(about string, want ...string) {
		t.Helper()
		for n, token := range tokens {
			if got := server.Query(t, token, `{ me { id } }`, nil).Code(); got != want[n] {
				t.Errorf("%s, in session %d: %s, want %s", about, n, got, want[n])
			}
		}
	}
	check("before", "OK", "OK", "OK", "OK")
	server.Query(t, bob.Token, `{ me { id } }`, nil)

	status, others := callSessions(t, server, http.MethodGet, "", ada.Token)
	if status != http.StatusOK || len(others) != 3 {
		t.Fatalf("the other sessions: %d %v, want three", status, others)
	}
	callSessions(t, server, http.MethodDelete, "/"+others[0], eve.Token) // Kratos answers as if there were such a session.
	if _, left := callSessions(t, server, http.MethodGet, "", ada.Token); len(left) != 3 {
		t.Errorf("after another member has tried to end one, the other sessions are %v, want three", left)
	}
	check("after another member has tried", "OK", "OK", "OK", "OK")
	// The latest login comes first.
	if status, _ := callSessions(t, server, http.MethodDelete, "/"+others[0], ada.Token); status != http.StatusNoContent {
		t.Errorf("the member ends a session: %d, want 204", status)
	}
	check("after one was ended", "OK", "OK", "OK", "UNAUTHENTICATED")
	if status, _ := callSessions(t, server, http.MethodDelete, "", ada.Token); status != http.StatusOK {
		t.Errorf("the member ends all others: %d, want 200", status)
	}
	check("after all others were ended", "OK", "UNAUTHENTICATED", "UNAUTHENTICATED", "UNAUTHENTICATED")
	if got := env.CostOf(server.Query(t, bob.Token, `{ me { id } }`, nil)); got.Kratos != 0 {
		t.Errorf("another member's session is forgotten too: %+v", got)
	}
}

// TestSessions_NeedWhatTheAPINeeds lists and ends sessions in a session that Kratos would take for valid.
func TestSessions_NeedWhatTheAPINeeds(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	setUpSecondFactor(t, ada.Token)
	passwordAlone := env.SubmitLogin(t, ada.Email, harness.Password).SessionToken
	recovery := env.OpenRecovery(t, bob.Email).SubmitCode(t, env.AwaitRecoveryCode(t, bob.Email)).RecoveryToken()
	for about, test := range map[string]struct {
		token string
		want  int
	}{
		"no session":                      {"", http.StatusUnauthorized},
		"a session without second factor": {passwordAlone, http.StatusForbidden},
		"the session of a recovery":       {recovery, http.StatusUnauthorized},
	} {
		for _, call := range [][2]string{{http.MethodGet, ""}, {http.MethodDelete, ""}, {http.MethodDelete, "/5b29c75c-d48f-4e03-9afe-c8495f2b812c"}} {
			if status, ids := callSessions(t, env.Server, call[0], call[1], test.token); status != test.want || ids != nil {
				t.Errorf("%s: %s sessions%s: %d %v, want %d and no sessions", about, call[0], call[1], status, ids, test.want)
			}
		}
	}
	if got := env.Query(t, ada.Token, `{ me { id } }`, nil).Code(); got != "OK" {
		t.Errorf("afterwards Ada's session: %s, want OK", got)
	}
}

// TestSessions_ExtendedWhenUsed lets days pass since a session was used.
func TestSessions_ExtendedWhenUsed(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, withSessionsCachedFor(env.Config, 0))
	used, fresh, unused := env.NewMember(t, "Ada"), env.NewMember(t, "Bob"), env.NewMember(t, "Eve")
	const day = 24 * time.Hour
	left := func(m harness.Member) time.Duration {
		t.Helper()
		var session struct {
			ExpiresAt time.Time `json:"expires_at"`
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env.Config.Kratos.PublicURL+"/sessions/whoami", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Session-Token", m.Token)
		if status, body := harness.Send(t, request); status != http.StatusOK || json.Unmarshal([]byte(body), &session) != nil {
			t.Fatalf("whoami: %d %s", status, body)
		}
		return time.Until(session.ExpiresAt)
	}
	for member, rest := range map[string]string{used.Token: "1 hour", fresh.Token: "29 days 1 hour", unused.Token: "1 hour"} {
		env.ExecInKratos(t, "UPDATE sessions SET expires_at = now() + interval '"+rest+"' WHERE token = $1", member)
	}
	for _, m := range []harness.Member{used, fresh} {
		if got := env.CostOf(server.Query(t, m.Token, `{ me { id } }`, nil)); got != (harness.Cost{SQL: 1, Kratos: 1}) {
			t.Errorf("a request in the session of %s costs %+v, want the same as any other", m.Name, got)
		}
	}
	harness.Await(t, "the session that is used to be extended", func() bool { return left(used) > (limits.SessionDays-1)*day })
	if got := left(fresh); got > 29*day+2*time.Hour {
		t.Errorf("a session that was extended less than a day ago ends in %s, want it unchanged", got)
	}
	if got := left(unused); got > 2*time.Hour {
		t.Errorf("a session that is not used ends in %s, want it unchanged", got)
	}
}
