package e2e

import (
	"net/http"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestRecovery_NewPassword(t *testing.T) {
	t.Parallel()
	const newPassword = "another-cat-named-Murka-9"
	for name, verified := range map[string]bool{"a verified address": true, "an unverified address": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			email := harness.NewEmail()
			id := env.Register(t, email, "Ada")
			me := func(token string) string { return env.Query(t, token, `{ me { id } }`, nil).Code() }
			var before string
			if verified {
				env.Verify(t, email)
				before = env.Login(t, email)
			}
			done := env.OpenRecovery(t, email).SubmitCode(t, env.AwaitRecoveryCode(t, email))
			token := done.RecoveryToken()
			if token == "" {
				t.Fatalf("after the code the state is %q (%s) and there is no session", done.State, done.Problems())
			}
			if code := me(token); code != "UNAUTHENTICATED" {
				t.Errorf("after the code alone: %s, want UNAUTHENTICATED", code)
			}
			if verified {
				if code := me(before); code != "UNAUTHENTICATED" {
					t.Errorf("a session from before the recovery: %s, want UNAUTHENTICATED", code)
				}
			}
			if got := env.SubmitLogin(t, email, harness.Password).Problems(); got != "form 4000006" {
				t.Errorf("a login with the old password before there is a new one: %q, want form 4000006", got)
			}
			if done := env.UpdatePassword(t, token, newPassword); done.Status != http.StatusOK {
				t.Fatalf("the new password is refused: %s", done.Problems())
			}
			if got := env.SubmitLogin(t, email, harness.Password).Problems(); got != "form 4000006" {
				t.Errorf("a login with the old password: %q, want form 4000006", got)
			}
			if got := env.SubmitLogin(t, email, newPassword); got.SessionToken == "" {
				t.Errorf("a login with the new password: %s", got.Problems())
			}
			// The same session, in which the person now has logged in by the password.
			again := env.OpenFlow(t, "login/api?refresh=true", token)
			if got := again.Submit(t, token, map[string]any{"method": "password", "identifier": email, "password": newPassword}); got.SessionToken == "" {
				t.Errorf("a login with the new password in the session of the recovery: %s", got.Problems())
			}
			// The server remembers a refusal for a second.
			harness.Await(t, "the API to accept the session", func() bool { return me(token) == "OK" })
			if got := env.UserID(t, token); got.String() != id {
				t.Errorf("me after that is %s, want %s", got, id)
			}
		})
	}
}
