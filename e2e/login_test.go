package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	kratos "github.com/ory/client-go"
	"github.com/pquerna/otp/totp"
)

func TestWhoMayLogIn(t *testing.T) {
	t.Parallel()
	verified, unverified, gone := newMember(t, "Verified"), newEmail(), newMember(t, "Gone")
	if _, err := shared.kratos.Register(t.Context(), unverified, "Unverified", password); err != nil {
		t.Fatal(err)
	}
	demo := newEmail()
	makeIdentity(t, "demo", demo, "Demo")
	// Deleted here, and Kratos has not been told yet.
	if _, err := shared.db.ExecContext(t.Context(), "UPDATE users SET deleted_at = now(), forgotten_at = now() WHERE id = $1", gone.id); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ email, password, want string }{
		"a verified address":             {verified.email, password, ""},
		"in capital letters":             {strings.ToUpper(verified.email), password, ""},
		"a wrong password":               {verified.email, "another-Password-9", "form 4000006"},
		"an address that nobody has":     {newEmail(), password, "form 4000006"},
		"an unverified address":          {unverified, password, "identifier 9000003"},
		"unverified, and wrong password": {unverified, "another-Password-9", "form 4000006"},
		"a schema without verification":  {demo, password, ""},
		"an account that was deleted":    {gone.email, password, "identifier 9000004"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tryLogin(t, test.email, test.password)
			if got.problems() != test.want || (got.SessionToken != "") != (test.want == "") {
				t.Errorf("%s: %d, %q, a session: %t; want %q", name, got.Status, got.problems(), got.SessionToken != "", test.want)
			}
			if test.want == "" {
				myID(t, got.SessionToken)
			}
		})
	}
}

func TestALoginSurvivesWhatHappensToTheWebhook(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault fault
		in    bool
	}{
		"the call is lost once":      {fault{"login", 1, lose}, true},
		"the answer is lost once":    {fault{"login", 1, loseAnswer}, true},
		"the call comes twice":       {fault{"login", 1, repeat}, true},
		"our server is down for now": {fault{"login", always, lose}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada := newMember(t, "Ada")
			shared.mailman.expect(ada.email, test.fault)
			got := tryLogin(t, ada.email, password)
			if in := got.SessionToken != ""; in != test.in || (got.Status == http.StatusOK) != test.in {
				t.Errorf("%s: %d (%s), a session: %t; want %t", name, got.Status, got.problems(), in, test.in)
			}
			shared.mailman.calm(ada.email)
			if id := myID(t, login(t, ada.email)); id != ada.id {
				t.Errorf("after that the user is %s, want %s", id, ada.id)
			}
		})
	}
}

func TestACodeVerifiesOnceAndInTime(t *testing.T) {
	t.Parallel()
	email := newEmail()
	if _, err := shared.kratos.Register(t.Context(), email, "Ada", password); err != nil {
		t.Fatal(err)
	}
	begin := func() (form, string) {
		f := openForm(t, "verification/api", "")
		handIn(t, f, "", map[string]any{"method": "code", "email": email})
		return f, awaitCode(t, email, f.ID)
	}
	enter := func(f form, code string) (handedIn, string) {
		done := handIn(t, f, "", map[string]any{"method": "code", "code": code})
		return done, tryLogin(t, email, password).problems()
	}

	f, code := begin()
	wrong := "000000"
	if code == wrong {
		wrong = "111111"
	}
	if done, login := enter(f, wrong); done.State == "passed_challenge" || login != "identifier 9000003" {
		t.Errorf("a wrong code leads to %s (%s), and a login to %q", done.State, done.problems(), login)
	}
	late, lateCode := begin()
	inKratos(t, "UPDATE identity_verification_codes SET expires_at = now() - interval '1 second' WHERE selfservice_verification_flow_id = $1", late.ID)
	if done, login := enter(late, lateCode); done.State == "passed_challenge" || login != "identifier 9000003" {
		t.Errorf("a late code leads to %s (%s), and a login to %q", done.State, done.problems(), login)
	}
	f, code = begin()
	if done, login := enter(f, code); done.State != "passed_challenge" || login != "" {
		t.Errorf("the right code leads to %s (%s), and a login to %q", done.State, done.problems(), login)
	}
	again := openForm(t, "verification/api", "")
	handIn(t, again, "", map[string]any{"method": "code", "email": email})
	if done, _ := enter(again, code); done.State == "passed_challenge" {
		t.Error("a code can be used twice")
	}
}

func TestSomebodyWhoForgotThePasswordGetsANewOne(t *testing.T) {
	t.Parallel()
	const newPassword = "another-cat-named-Murka-9"
	for name, verified := range map[string]bool{"a verified address": true, "an address that the code verifies": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			email := newEmail()
			id, err := shared.kratos.Register(t.Context(), email, "Ada", password)
			if err != nil {
				t.Fatal(err)
			}
			var before string
			if verified {
				if err := shared.kratos.Verify(t.Context(), email); err != nil {
					t.Fatal(err)
				}
				before = login(t, email)
			}
			f := openForm(t, "recovery/api", "")
			handIn(t, f, "", map[string]any{"method": "code", "email": email})
			done := handIn(t, f, "", map[string]any{"method": "code", "code": awaitRecoveryCode(t, email)})
			token := done.recovered()
			if token == "" {
				t.Fatalf("the code leads to %q (%s) and no session", done.State, done.problems())
			}
			if got := myID(t, token); got.String() != id {
				t.Errorf("after the recovery me is %s, want %s", got, id)
			}
			if verified {
				if code := ask(t, before, `{ me { id } }`, nil).code(); code != "UNAUTHENTICATED" {
					t.Errorf("a session from before the recovery: %s, want UNAUTHENTICATED", code)
				}
			}
			settings := openForm(t, "settings/api", token)
			if done := handIn(t, settings, token, map[string]any{"method": "password", "password": newPassword}); done.Status != http.StatusOK {
				t.Fatalf("the new password is refused: %s", done.problems())
			}
			if got := tryLogin(t, email, password).problems(); got != "form 4000006" {
				t.Errorf("the old password: %q, want 4000006", got)
			}
			if got := tryLogin(t, email, newPassword); got.SessionToken == "" {
				t.Errorf("the new password: %s", got.problems())
			}
		})
	}
}

func TestASecondFactorIsAskedFor(t *testing.T) {
	t.Parallel()
	ada := newMember(t, "Ada")
	me := func(token string) reply { return ask(t, token, `{ me { id } }`, nil) }

	// Sets up an authenticator app, and codes on paper.
	settings := openForm(t, "settings/api", ada.token)
	secret, backup := "", []string(nil)
	for _, node := range settings.UI.Nodes {
		if node.Attributes.ID == "totp_secret_key" {
			secret = node.Attributes.Text.Context.Secret
		}
	}
	code := func() string {
		code, err := totp.GenerateCode(secret, time.Now())
		if err != nil {
			t.Fatalf("the secret is %q: %v", secret, err)
		}
		return code
	}
	if done := handIn(t, settings, ada.token, map[string]any{"method": "totp", "totp_code": code()}); done.Status != http.StatusOK {
		t.Fatalf("the authenticator app is refused: %s", done.problems())
	}
	settings = openForm(t, "settings/api", ada.token)
	settings = handIn(t, settings, ada.token, map[string]any{"method": "lookup_secret", "lookup_secret_regenerate": true}).form
	for _, node := range settings.UI.Nodes {
		if node.Attributes.ID == "lookup_secret_codes" {
			for _, one := range node.Attributes.Text.Context.Secrets {
				backup = append(backup, one.Text)
			}
		}
	}
	if done := handIn(t, settings, ada.token, map[string]any{"method": "lookup_secret", "lookup_secret_confirm": true}); done.Status != http.StatusOK || len(backup) == 0 {
		t.Fatalf("the codes %v are refused: %s", backup, done.problems())
	}

	// A recovered mailbox does not replace the second factor.
	recovery := openForm(t, "recovery/api", "")
	handIn(t, recovery, "", map[string]any{"method": "code", "email": ada.email})
	recovered := handIn(t, recovery, "", map[string]any{"method": "code", "code": awaitRecoveryCode(t, ada.email)})
	if code := me(recovered.recovered()).code(); code != "SECOND_FACTOR_REQUIRED" {
		t.Errorf("after a recovery: %s, want SECOND_FACTOR_REQUIRED", code)
	}

	for name, second := range map[string]map[string]any{
		"the app":         {"method": "totp", "totp_code": code()},
		"a code on paper": {"method": "lookup_secret", "lookup_secret": backup[0]},
	} {
		token := tryLogin(t, ada.email, password).SessionToken
		refused := me(token)
		if refused.code() != "SECOND_FACTOR_REQUIRED" {
			t.Fatalf("after the password alone: %s, want SECOND_FACTOR_REQUIRED", refused.code())
		}
		redirect, err := url.Parse(refused.Errors[0].Extensions.RedirectTo)
		if err != nil || !strings.HasPrefix(redirect.String(), shared.stack.Kratos.PublicURL) || redirect.Query().Get("aal") != "aal2" {
			t.Errorf("the error leads to %q", redirect)
		}
		f := openForm(t, "login/api?aal=aal2", token)
		if done := handIn(t, f, token, map[string]any{"method": second["method"], "totp_code": "000000", "lookup_secret": "00000000"}); done.SessionToken != "" {
			t.Errorf("%s: a wrong code is taken", name)
		}
		done := handIn(t, f, token, second)
		if done.Status != http.StatusOK {
			t.Fatalf("%s is refused: %s", name, done.problems())
		}
		if code := me(done.SessionToken).code(); code != "OK" {
			t.Errorf("after %s: %s, want OK", name, code)
		}
	}
	f := openForm(t, "login/api?aal=aal2", tryLogin(t, ada.email, password).SessionToken)
	token := tryLogin(t, ada.email, password).SessionToken
	if done := handIn(t, f, token, map[string]any{"method": "lookup_secret", "lookup_secret": backup[0]}); done.Status == http.StatusOK {
		t.Error("a code on paper can be used twice")
	}
}

// makeIdentity makes an identity as an operator may, with an address that nobody
// has to verify any more.
func makeIdentity(t *testing.T, schema, email, name string) {
	t.Helper()
	body := kratos.CreateIdentityBody{
		SchemaId: schema,
		Traits:   map[string]any{"email": email, "name": name},
		Credentials: &kratos.IdentityWithCredentials{
			Password: &kratos.IdentityWithCredentialsPassword{Config: &kratos.IdentityWithCredentialsPasswordConfig{Password: kratos.PtrString(password)}},
		},
	}
	if schema == "member" {
		body.VerifiableAddresses = []kratos.VerifiableIdentityAddress{{Value: email, Verified: true, Via: "email", Status: "completed"}}
	}
	if _, _, err := kratosAdmin().IdentityAPI.CreateIdentity(t.Context()).CreateIdentityBody(body).Execute(); err != nil {
		t.Fatal(err)
	}
}

// myID is the id of the user that the token belongs to.
func myID(t *testing.T, token string) uuid.UUID {
	t.Helper()
	var data struct{ Me struct{ ID uuid.UUID } }
	ask(t, token, `{ me { id } }`, nil).into(t, &data)
	return data.Me.ID
}
