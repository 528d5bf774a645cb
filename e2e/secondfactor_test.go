package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestSecondFactor_ResponsesOfKratos uses responses that the real Kratos does not give on
// demand. TestSecondFactor_Required uses the real one.
func TestSecondFactor_ResponsesOfKratos(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct {
		body string
		want string
	}{
		"Kratos requires the second factor": {`{"error":{"id":"session_aal2_required","code":403},"redirect_browser_to":"https://login.example/?aal=aal2"}`, "SECOND_FACTOR_REQUIRED"},
		"Kratos returns another error":      {`{"error":{"id":"security_csrf_violation","code":403}}`, "UNAVAILABLE"},
		"Kratos returns no error id":        {`{}`, "UNAVAILABLE"},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			c := env.Config
			c.Kratos.PublicURL = harness.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusForbidden)
				_, _ = w.Write([]byte(test.body))
			}))
			got := env.StartServer(t, c).QueryWithHeader(t, http.Header{"X-Session-Token": {"x"}}, `{ me { id } }`, nil)
			if got.Code() != test.want {
				t.Errorf("%s: %s, want %s", about, got.Code(), test.want)
			}
			if test.want == "SECOND_FACTOR_REQUIRED" && got.Errors[0].Extensions.RedirectTo != "https://login.example/?aal=aal2" {
				t.Errorf("the error redirects to %q", got.Errors[0].Extensions.RedirectTo)
			}
		})
	}
}

// setUpSecondFactor sets up an authenticator app and backup codes. It returns what the app
// shows, and the codes.
func setUpSecondFactor(t *testing.T, token string) (code func() string, backup []string) {
	t.Helper()
	settings := env.OpenFlow(t, "settings/api", token)
	secret := ""
	for _, node := range settings.UI.Nodes {
		if node.Attributes.ID == "totp_secret_key" {
			secret = node.Attributes.Text.Context.Secret
		}
	}
	code = func() string {
		code, err := totp.GenerateCode(secret, time.Now())
		if err != nil {
			t.Fatalf("the secret is %q: %v", secret, err)
		}
		return code
	}
	if done := settings.Submit(t, token, map[string]any{"method": "totp", "totp_code": code()}); done.Status != http.StatusOK {
		t.Fatalf("the authenticator app is refused: %s", done.Problems())
	}
	settings = env.OpenFlow(t, "settings/api", token)
	settings = settings.Submit(t, token, map[string]any{"method": "lookup_secret", "lookup_secret_regenerate": true}).Flow
	for _, node := range settings.UI.Nodes {
		if node.Attributes.ID == "lookup_secret_codes" {
			for _, one := range node.Attributes.Text.Context.Secrets {
				backup = append(backup, one.Text)
			}
		}
	}
	if done := settings.Submit(t, token, map[string]any{"method": "lookup_secret", "lookup_secret_confirm": true}); done.Status != http.StatusOK || len(backup) == 0 {
		t.Fatalf("the backup codes %v are refused: %s", backup, done.Problems())
	}
	return code, backup
}

func TestSecondFactor_Required(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	me := func(token string) harness.Response { return env.Query(t, token, `{ me { id } }`, nil) }

	code, backup := setUpSecondFactor(t, ada.Token)

	// A recovery by mail does not replace the second factor.
	recovered := env.OpenRecovery(t, ada.Email).SubmitCode(t, env.AwaitRecoveryCode(t, ada.Email))
	if code := me(recovered.RecoveryToken()).Code(); code != "SECOND_FACTOR_REQUIRED" {
		t.Errorf("after a recovery: %s, want SECOND_FACTOR_REQUIRED", code)
	}
	token := recovered.RecoveryToken()
	if done := env.OpenFlow(t, "login/api?aal=aal2", token).Submit(t, token, map[string]any{"method": "totp", "totp_code": code()}); done.Status != http.StatusOK {
		t.Fatalf("after a recovery the app is refused: %s", done.Problems())
	}
	if done := env.UpdatePassword(t, token, harness.Password); done.Status != http.StatusOK {
		t.Fatalf("after a recovery and the second factor the new password is refused: %s", done.Problems())
	}

	for name, second := range map[string]map[string]any{
		"the app":       {"method": "totp", "totp_code": code()},
		"a backup code": {"method": "lookup_secret", "lookup_secret": backup[0]},
	} {
		token := env.SubmitLogin(t, ada.Email, harness.Password).SessionToken
		refused := me(token)
		if refused.Code() != "SECOND_FACTOR_REQUIRED" {
			t.Fatalf("with the password alone: %s, want SECOND_FACTOR_REQUIRED", refused.Code())
		}
		redirect, err := url.Parse(refused.Errors[0].Extensions.RedirectTo)
		if err != nil || !strings.HasPrefix(redirect.String(), env.Config.Kratos.BrowserURL) || redirect.Query().Get("aal") != "aal2" {
			t.Errorf("the error redirects to %q", redirect)
		}
		f := env.OpenFlow(t, "login/api?aal=aal2", token)
		if done := f.Submit(t, token, map[string]any{"method": second["method"], "totp_code": "000000", "lookup_secret": "00000000"}); done.SessionToken != "" {
			t.Errorf("%s: a wrong code is accepted", name)
		}
		done := f.Submit(t, token, second)
		if done.Status != http.StatusOK {
			t.Fatalf("%s is refused: %s", name, done.Problems())
		}
		if code := me(done.SessionToken).Code(); code != "OK" {
			t.Errorf("after %s: %s, want OK", name, code)
		}
	}
	f := env.OpenFlow(t, "login/api?aal=aal2", env.SubmitLogin(t, ada.Email, harness.Password).SessionToken)
	token = env.SubmitLogin(t, ada.Email, harness.Password).SessionToken
	if done := f.Submit(t, token, map[string]any{"method": "lookup_secret", "lookup_secret": backup[0]}); done.Status == http.StatusOK {
		t.Error("a backup code can be used twice")
	}
}

func TestSecondFactor_RecoveryCodesLeft(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	left := func(token string) *int {
		t.Helper()
		var data struct{ RecoveryCodesLeft *int }
		env.Query(t, token, `{ recoveryCodesLeft }`, nil).Decode(t, &data)
		return data.RecoveryCodesLeft
	}
	if got := left(ada.Token); got != nil {
		t.Errorf("without recovery codes: %d, want null", *got)
	}
	_, codes := setUpSecondFactor(t, ada.Token)
	if got := left(ada.Token); got == nil || *got != len(codes) {
		t.Errorf("after they were made: %v, want %d", got, len(codes))
	}
	token := env.SubmitLogin(t, ada.Email, harness.Password).SessionToken
	if got := env.Query(t, token, `{ recoveryCodesLeft }`, nil).Code(); got != "SECOND_FACTOR_REQUIRED" {
		t.Errorf("with the password alone: %s, want SECOND_FACTOR_REQUIRED", got)
	}
	env.OpenFlow(t, "login/api?aal=aal2", token).Submit(t, token, map[string]any{"method": "lookup_secret", "lookup_secret": codes[0]})
	if got := left(token); got == nil || *got != len(codes)-1 {
		t.Errorf("after one was used: %v, want %d", got, len(codes)-1)
	}
}

// TestSecondFactor_Reset resets the second factor of a member who has lost it, and of whoever else has
// a session.
func TestSecondFactor_Reset(t *testing.T) {
	t.Parallel()
	program, server := env.Program(t), env.StartServer(t, withSessionsCachedFor(env.Config, 0))
	ada := env.NewMember(t, "Ada")
	setUpSecondFactor(t, ada.Token)
	settings := env.OpenFlow(t, "settings/api", ada.Token)
	if got, ok := program.Run(t, env.Config, "user", "reset-second-factor", ada.Email); !ok ||
		got != "Deleted the second factor of "+ada.Email+" (totp, lookup_secret). All sessions are ended: the next login needs the password alone." {
		t.Fatalf("the command prints %q, succeeds: %t", got, ok)
	}
	if got := server.Query(t, ada.Token, `{ me { id } }`, nil).Code(); got != "UNAUTHENTICATED" {
		t.Errorf("in a session of before: %s, want UNAUTHENTICATED", got)
	}
	if done := settings.Submit(t, ada.Token, map[string]any{"method": "lookup_secret", "lookup_secret_regenerate": true}); done.Status != http.StatusUnauthorized {
		t.Errorf("a form of before is answered with %d, want 401", done.Status)
	}
	if id := env.UserID(t, env.Login(t, ada.Email)); id != ada.ID {
		t.Errorf("after a login with the password alone me is %s, want %s", id, ada.ID)
	}
}
