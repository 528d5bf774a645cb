package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

func TestLogin_WhoMay(t *testing.T) {
	t.Parallel()
	verified, unverified, deleted := env.NewMember(t, "Verified"), harness.NewEmail(), env.NewMember(t, "Deleted")
	env.Register(t, unverified, "Unverified")
	demo := harness.NewEmail()
	env.CreateIdentity(t, "demo", demo, "Demo")
	// The account is deleted in our database and not yet in Kratos.
	env.Exec(t, "UPDATE users SET deleted_at = now(), forgotten_at = now() WHERE id = $1", deleted.ID)
	for name, test := range map[string]struct{ email, password, want string }{
		"a verified address":                {verified.Email, harness.Password, ""},
		"in upper case":                     {strings.ToUpper(verified.Email), harness.Password, ""},
		"a wrong password":                  {verified.Email, "another-Password-9", "form 4000006"},
		"an unknown address":                {harness.NewEmail(), harness.Password, "form 4000006"},
		"an unverified address":             {unverified, harness.Password, "identifier 9000003"},
		"unverified, with a wrong password": {unverified, "another-Password-9", "form 4000006"},
		"a schema without verification":     {demo, harness.Password, ""},
		"a deleted account":                 {deleted.Email, harness.Password, "identifier 9000004"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := env.SubmitLogin(t, test.email, test.password)
			if got.Problems() != test.want || (got.SessionToken != "") != (test.want == "") {
				t.Errorf("%s: status %d, problems %q, session %t; want problems %q", name, got.Status, got.Problems(), got.SessionToken != "", test.want)
			}
			if test.want == "" {
				env.UserID(t, got.SessionToken)
			}
		})
	}
}

func TestLogin_WebhookFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault harness.Fault
		ok    bool // whether the login succeeds
	}{
		"the call is lost once":     {harness.Once("login", harness.LoseCall), true},
		"the response is lost once": {harness.Once("login", harness.LoseResponse), true},
		"the call is repeated":      {harness.Once("login", harness.RepeatCall), true},
		"all calls are lost":        {harness.Always("login", harness.LoseCall), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada := env.NewMember(t, "Ada")
			env.Webhooks.Inject(ada.Email, test.fault)
			got := env.SubmitLogin(t, ada.Email, harness.Password)
			if ok := got.SessionToken != ""; ok != test.ok || (got.Status == http.StatusOK) != test.ok {
				t.Errorf("%s: status %d, problems %q, session %t; want %t", name, got.Status, got.Problems(), ok, test.ok)
			}
			env.Webhooks.Clear(ada.Email)
			if id := env.UserID(t, env.Login(t, ada.Email)); id != ada.ID {
				t.Errorf("me after the next login is %s, want %s", id, ada.ID)
			}
		})
	}
}
