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
			if got := env.UserID(t, token); got.String() != id {
				t.Errorf("me after the recovery is %s, want %s", got, id)
			}
			if verified {
				if code := env.Query(t, before, `{ me { id } }`, nil).Code(); code != "UNAUTHENTICATED" {
					t.Errorf("a session from before the recovery: %s, want UNAUTHENTICATED", code)
				}
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
		})
	}
}
