package e2e

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/usecase"
)

// TestForgotten_OnAllServers changes members by one server, or by a command, while another server remembers them for an hour. It
// hears of the change.
func TestForgotten_OnAllServers(t *testing.T) {
	t.Parallel()
	there := env.StartServer(t, withSessionsCachedFor(env.Config, time.Hour))
	awaitListening(t, there)
	super := env.NewSuperAdmin(t)
	grant := func(t *testing.T, m harness.Member) {
		t.Helper()
		env.Query(t, super.Token, grantAdminMutation, map[string]any{"id": m.ID}).RequireOK(t)
	}
	for name, test := range map[string]struct {
		query  string               // what the other server is asked in the session of the member; me { id } if it is empty
		before func(harness.Member) // may be nil
		change func(*testing.T, harness.Member, *harness.Browser)
		want   []string // the answer after that, a code or the data: one of them
	}{
		"the member logs out": {
			change: func(t *testing.T, _ harness.Member, b *harness.Browser) {
				t.Helper()
				logOutBy(t, b)
			},
			want: []string{"UNAUTHENTICATED"},
		},
		"the member changes the password in another session": {
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				if done := env.UpdatePassword(t, m.Token, "another-cat-named-Godard-7"); done.Status != http.StatusOK {
					t.Fatalf("change the password: %d %s", done.Status, done.Problems())
				}
			},
			want: []string{"UNAUTHENTICATED"},
		},
		"the member ends the other sessions": {
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				if status, _ := callSessions(t, env.Server, http.MethodDelete, "", m.Token); status != http.StatusOK {
					t.Fatalf("end the other sessions: %d", status)
				}
			},
			want: []string{"UNAUTHENTICATED"},
		},
		"the member recovers the account": {
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				env.OpenRecovery(t, m.Email).SubmitCode(t, env.AwaitRecoveryCode(t, m.Email))
			},
			want: []string{"UNAUTHENTICATED"},
		},
		"the member deletes the account": {
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				env.Query(t, m.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
			},
			want: []string{"UNAUTHENTICATED"},
		},
		"an operator resets the second factor": {
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				if output, ok := env.Program(t).Run(t, env.Config, "user", "reset-second-factor", m.Email); !ok {
					t.Fatal(output)
				}
			},
			want: []string{"UNAUTHENTICATED"},
		},
		"a moderator suspends the member": {
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				suspend(t, env.Server, super, m, nil)
			},
			want: []string{"FORBIDDEN", "UNAUTHENTICATED"},
		},
		"a moderator reinstates the member": {
			before: func(m harness.Member) { insertSuspension(t, m, nil) },
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				env.Query(t, super.Token, reinstateUser, map[string]any{"id": m.ID}).RequireOK(t)
			},
			want: []string{"OK"},
		},
		"an admin grants a role": {
			query: `{ me { isAdmin } }`,
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				grant(t, m)
			},
			want: []string{`{"me":{"isAdmin":true}}`},
		},
		"an admin revokes a role": {
			query:  `{ me { isAdmin } }`,
			before: func(m harness.Member) { env.Grant(t, m.ID, usecase.Admin) },
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				env.Query(t, super.Token, revokeAdminMutation, map[string]any{"id": m.ID}).RequireOK(t)
			},
			want: []string{`{"me":{"isAdmin":false}}`},
		},
		"the member changes the profile": {
			query: `{ me { bio } }`,
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				env.Query(t, m.Token, `mutation { updateProfile(input: {bio: "Cats first."}) { id } }`, nil).RequireOK(t)
			},
			want: []string{`{"me":{"bio":"Cats first."}}`},
		},
		"the member changes the name": {
			query: `{ me { name } }`,
			change: func(t *testing.T, m harness.Member, _ *harness.Browser) {
				t.Helper()
				if done := env.UpdateProfile(t, m.Token, m.Email, "Grace"); done.Status != http.StatusOK {
					t.Fatalf("change the name: %d %s", done.Status, done.Problems())
				}
			},
			want: []string{`{"me":{"name":"Grace"}}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := env.NewMember(t, "Member")
			browser := env.NewBrowser(t)
			browser.Login(t, m.Email)
			if test.before != nil {
				test.before(m)
			}
			query := test.query
			if query == "" {
				query = `{ me { id } }`
			}
			header := http.Header{"Cookie": {browser.Cookie()}, "Sec-Fetch-Site": {"same-origin"}} // A logout takes the cookie away.
			ask := func() string {
				response := there.QueryWithHeader(t, header, query, nil)
				if code := response.Code(); code != "OK" || test.query == "" {
					return code
				}
				return string(response.Data)
			}
			if got := ask(); slices.Contains(test.want, got) {
				t.Fatalf("before, the other server says %s already", got)
			}
			test.change(t, m, browser)
			changed := time.Now()
			harness.Await(t, "the other server to hear of it", func() bool { return slices.Contains(test.want, ask()) })
			t.Logf("the other server has heard of it after %s", time.Since(changed).Round(time.Millisecond))
		})
	}
}

// logOutBy logs a browser out.
func logOutBy(t *testing.T, b *harness.Browser) {
	t.Helper()
	var logout struct {
		Token string `json:"logout_token"`
	}
	b.Call(t, http.MethodGet, "self-service/logout/browser", nil, &logout)
	if status := b.Call(t, http.MethodGet, "self-service/logout?token="+logout.Token, nil, nil); status != http.StatusNoContent {
		t.Fatalf("log out: %d", status)
	}
}
