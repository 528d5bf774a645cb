package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/webhooks"
)

// askFor asks for a new address.
func askFor(t *testing.T, m harness.Member, email string) {
	t.Helper()
	if done := env.UpdateProfile(t, m.Token, email, m.Name); done.Status != http.StatusOK {
		t.Fatalf("%s cannot ask for the address %s: %d %s", m.Name, email, done.Status, done.Problems())
	}
	env.Webhooks.AwaitCalls(t, m.Email, "settings", 1)
}

// newEmailOf returns the new address that a member sees, or an empty string.
func newEmailOf(t *testing.T, m harness.Member) string {
	t.Helper()
	var data struct{ Me struct{ NewEmail *string } }
	env.Query(t, m.Token, `{ me { newEmail } }`, nil).Decode(t, &data)
	if data.Me.NewEmail == nil {
		return ""
	}
	return *data.Me.NewEmail
}

// expectAddresses checks with which address a member logs in, and which one is not confirmed yet.
func expectAddresses(t *testing.T, when string, m harness.Member, email, newEmail string) {
	t.Helper()
	if got := env.SubmitLogin(t, email, harness.Password); got.SessionToken == "" {
		t.Errorf("%s %s cannot log in with %s: %s", when, m.Name, email, got.Problems())
	} else if id := env.UserID(t, got.SessionToken); id != m.ID {
		t.Errorf("%s the address %s is that of user %s, want %s", when, email, id, m.ID)
	}
	if newEmail != "" {
		if got := env.SubmitLogin(t, newEmail, harness.Password).Problems(); got != "form 4000006" {
			t.Errorf("%s a login with the new address: %q, want form 4000006", when, got)
		}
	}
	harness.Await(t, when+" the new address of "+m.Name+" to be "+strconv.Quote(newEmail), func() bool { return newEmailOf(t, m) == newEmail })
}

// TestPreHijack_NewAddress has a squatter ask for the address of somebody else.
func TestPreHijack_NewAddress(t *testing.T) {
	t.Parallel()
	for name, confirm := range map[string]func(*testing.T, string){
		"nobody enters the code":                          nil,
		"the owner of the mailbox enters the code":        func(t *testing.T, victim string) { t.Helper(); refuseCode(t, "", victim) },
		"the owner enters it in a session of her own":     func(t *testing.T, victim string) { t.Helper(); refuseCode(t, env.NewMember(t, "Ada").Token, victim) },
		"the owner enters it with a session that is over": func(t *testing.T, victim string) { t.Helper(); refuseCode(t, "over", victim) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mallory, victim := env.NewMember(t, "Mallory"), harness.NewEmail()
			setUpSecondFactor(t, mallory.Token)
			askFor(t, mallory, victim)
			entered := confirm != nil
			if entered {
				confirm(t, victim)
			}

			// The squatter tries to have the code counted all the same.
			for _, webhook := range []string{"settings", "registered", "login", "verification"} {
				env.CallWebhook(t, webhook, harness.IdentityPayload(env.Identity(t, mallory.Email).ID))
			}
			env.EnterCode(t, mallory.Token, mallory.Email)
			want := victim
			if entered {
				want = "" // Nothing of the victim's code is left.
			}
			if got := env.Identity(t, mallory.Email); got.NewEmail != want || got.Email != mallory.Email {
				t.Errorf("the squatter has the address %s and asks for %q, want %s and %q", got.Email, got.NewEmail, mallory.Email, want)
			}

			// The owner of the mailbox knows nothing of it.
			id := env.Register(t, victim, "Victim")
			env.VerifyByMail(t, victim)
			if got := env.UserID(t, env.Login(t, victim)); got.String() != id {
				t.Errorf("the victim is user %s, want %s", got, id)
			}
			if got := env.Identity(t, mallory.Email).NewEmail; got != "" {
				t.Errorf("after the sign-up the squatter still asks for %s", got)
			}
		})
	}
}

// TestPreHijack_NewAddressByOldTimes has a squatter set the times back at which addresses were verified, while the
// webhook is under way: Kratos writes an identity as a whole, so a form under way does that. The victim has entered
// the code, and its webhook was lost.
func TestPreHijack_NewAddressByOldTimes(t *testing.T) {
	t.Parallel()
	mallory, victim := env.NewMember(t, "Mallory"), harness.NewEmail()
	askFor(t, mallory, victim)
	env.Webhooks.Inject(mallory.Email, harness.Always("verification", harness.LoseCall))
	env.EnterCode(t, "", victim)
	env.Webhooks.Clear(mallory.Email)
	env.Webhooks.Inject(mallory.Email, harness.Once("verification", func(forward func() *http.Response) *http.Response {
		env.AgeVerification(t, mallory.Email)
		return forward()
	}))
	if done := env.EnterCode(t, mallory.Token, mallory.Email); done.State != "passed_challenge" {
		t.Errorf("the squatter's own code: state %s, %s", done.State, done.Problems())
	}
	if got, found := env.FindIdentity(t, victim); found {
		t.Errorf("the squatter's account %s has the address of the victim", got.ID)
	}
	if got := env.Identity(t, mallory.Email).NewEmail; got != "" {
		t.Errorf("the squatter still asks for %s, which Kratos takes for verified, want nothing", got)
	}
}

// refuseCode enters the code of a change that somebody else has asked for.
func refuseCode(t *testing.T, token, email string) {
	t.Helper()
	if done := env.EnterCode(t, token, email); done.State == "passed_challenge" || done.Problems() != "form 9000010" {
		t.Errorf("the code of a stranger's change: state %s, %q, want form 9000010", done.State, done.Problems())
	}
}

func TestNewAddress_EndsUnconfirmed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end  func(t *testing.T, ada harness.Member, next string)
		want string // the new address that is left; next if empty
	}{
		"the member sends the old address": {func(t *testing.T, ada harness.Member, _ string) {
			t.Helper()
			askFor(t, ada, ada.Email)
		}, "none"},
		"another member asks for it": {func(t *testing.T, _ harness.Member, next string) {
			t.Helper()
			askFor(t, env.NewMember(t, "Bob"), next)
		}, "none"},
		"somebody signs up with it": {func(t *testing.T, _ harness.Member, next string) {
			t.Helper()
			env.Register(t, next, "Bob")
		}, "none"},
		"an operator moves the account": {func(t *testing.T, ada harness.Member, _ string) {
			t.Helper()
			if err := env.Kratos.ChangeEmail(t.Context(), ada.Email, ada.Email); err != nil {
				t.Fatal(err)
			}
		}, "none"},
		"an operator confirms the address": {func(t *testing.T, ada harness.Member, _ string) {
			t.Helper()
			env.Verify(t, ada.Email)
		}, "none"},
		"the member changes the name": {func(t *testing.T, ada harness.Member, next string) {
			t.Helper()
			done := env.OpenFlow(t, "settings/api", ada.Token).Submit(t, ada.Token, map[string]any{
				"method": "profile", "traits": map[string]any{"email": ada.Email, "new_email": next, "name": "Ada"},
			})
			if done.Status != http.StatusOK {
				t.Fatalf("the name is refused: %s", done.Problems())
			}
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada, next := env.NewMember(t, "Ada"), harness.NewEmail()
			askFor(t, ada, next)
			expectAddresses(t, "before", ada, ada.Email, next)
			test.end(t, ada, next)
			want := next
			if test.want == "none" {
				want = ""
			}
			expectAddresses(t, "after", ada, ada.Email, want)
		})
	}
}

// TestNewAddress_WebhookFaults has the work after the code fail. The member can log in all the time, and
// another code completes the change.
func TestNewAddress_WebhookFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault harness.Fault
		moved bool
	}{
		"the call is repeated":   {harness.Once("verification", harness.RepeatCall), true},
		"the response is lost":   {harness.Once("verification", harness.LoseResponse), true}, // Kratos repeats the call.
		"all responses are lost": {harness.Always("verification", harness.LoseResponse), true},
		"the call is lost":       {harness.Always("verification", harness.LoseCall), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada, next := env.NewMember(t, "Ada"), harness.NewEmail()
			askFor(t, ada, next)
			env.Webhooks.Inject(ada.Email, test.fault)
			env.EnterCode(t, ada.Token, next)
			env.Webhooks.Clear(ada.Email)
			if !test.moved {
				expectAddresses(t, "before another code", ada, ada.Email, next)
				if done := env.EnterCode(t, ada.Token, next); done.State != "passed_challenge" {
					t.Fatalf("another code: state %s, %s", done.State, done.Problems())
				}
			}
			expectAddresses(t, "after", ada, next, "")
			if got := env.Identity(t, next); !got.Verified {
				t.Errorf("the address is not verified in Kratos: %+v", got)
			}
		})
	}
}

// TestNewAddress_LostWebhook has the row of the user not hear of a new address. Its owner gets it all the same.
func TestNewAddress_LostWebhook(t *testing.T) {
	t.Parallel()
	mallory, next := env.NewMember(t, "Mallory"), harness.NewEmail()
	env.Webhooks.Inject(mallory.Email, harness.Always("settings", harness.LoseCall))
	if done := env.UpdateProfile(t, mallory.Token, next, mallory.Name); done.Status != http.StatusOK {
		t.Fatalf("the change is refused: %s", done.Problems())
	}
	env.Register(t, next, "Ada")
	env.VerifyByMail(t, next)
	env.Login(t, next)
}

// TestNewAddress_BrowserLeaves has the browser go away while the session is checked. The change is completed.
func TestNewAddress_BrowserLeaves(t *testing.T) {
	t.Parallel()
	ada, next := env.NewMember(t, "Ada"), harness.NewEmail()
	askFor(t, ada, next)
	flow := env.OpenVerification(t, next)
	code := env.AwaitVerificationCode(t, next, flow.ID)
	env.Webhooks.Inject(ada.Email, harness.Always("verification", harness.LoseCall))
	flow.SubmitCodeAs(t, ada.Token, code)
	env.Webhooks.Clear(ada.Email)
	ctx, leave := context.WithCancel(t.Context())
	handler := webhooks.NewHandler(webhooks.Config{
		Keys: []string{"key"}, Log: slog.New(slog.DiscardHandler),
		Users: account.NewUsers(env.Client, env.Kratos.Admin, slog.New(slog.DiscardHandler)),
		IsSessionOf: func(context.Context, uuid.UUID, string, string) (bool, error) {
			leave()
			return true, nil
		},
	})
	body := fmt.Sprintf(`{"identityId": %q, "addresses": [{"value": %q, "verified": true, "verified_at": "2026-07-01T10:00:00Z"}]}`,
		env.Identity(t, ada.Email).ID, next)
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/webhooks/kratos/verification", strings.NewReader(body))
	request.Header.Set("X-Ory-Api-Key", "key")
	handler.ServeHTTP(httptest.NewRecorder(), request)
	expectAddresses(t, "after", ada, next, "")
}

// TestNewAddress_UndoneByAnotherForm has Kratos store a form that was under way when the change was confirmed, with
// the addresses from before.
func TestNewAddress_UndoneByAnotherForm(t *testing.T) {
	t.Parallel()
	for _, healedBy := range []string{"settings", "login"} {
		t.Run(healedBy, func(t *testing.T) {
			t.Parallel()
			ada := harness.Member{Email: harness.NewEmail(), Name: "Ada"}
			ada.ID = uuid.MustParse(env.Register(t, ada.Email, ada.Name))
			env.VerifyByMail(t, ada.Email)
			ada.Token = env.Login(t, ada.Email)
			next := harness.NewEmail()
			env.ChangeAddress(t, ada, next, ada.Name)
			id := env.Identity(t, next).ID
			env.ReplaceInIdentity(t, next, "/traits", map[string]any{"email": ada.Email, "new_email": next, "name": ada.Name})
			env.CallWebhook(t, healedBy, harness.IdentityPayload(id))
			expectAddresses(t, "after", ada, next, "")
		})
	}
}

// TestNewAddress_OldForm sends a form that was opened before the change was confirmed.
func TestNewAddress_OldForm(t *testing.T) {
	t.Parallel()
	ada, next := env.NewMember(t, "Ada"), harness.NewEmail()
	askFor(t, ada, next)
	form := env.OpenFlow(t, "settings/api", ada.Token)
	if done := env.EnterCode(t, ada.Token, next); done.State != "passed_challenge" {
		t.Fatalf("after the code the state is %q: %s", done.State, done.Problems())
	}
	done := form.Submit(t, ada.Token, map[string]any{
		"method": "profile", "traits": map[string]any{"email": ada.Email, "new_email": next, "name": "Ada Lovelace"},
	})
	if done.Status != http.StatusOK {
		t.Errorf("the form is refused: %s", done.Problems())
	}
	if got := env.Identity(t, next); got.NewEmail != "" || got.Name != "Ada Lovelace" {
		t.Errorf("after the form Ada asks for %q and is called %s, want no new address and Ada Lovelace", got.NewEmail, got.Name)
	}
}

// TestNewAddress_OnceAMinute asks for one address after the other.
func TestNewAddress_OnceAMinute(t *testing.T) {
	t.Parallel()
	ada, first := env.NewMember(t, "Ada"), harness.NewEmail()
	for _, step := range []struct{ address, want string }{
		{first, ""}, {first, ""}, {harness.NewEmail(), "form 9000012"}, {ada.Email, ""}, {harness.NewEmail(), "form 9000012"},
	} {
		if got := env.UpdateProfile(t, ada.Token, step.address, ada.Name).Problems(); got != step.want {
			t.Errorf("a change of address: %q, want %q", got, step.want)
		}
	}
}

func TestNewAddress_NotAtSignUp(t *testing.T) {
	t.Parallel()
	email, next := harness.NewEmail(), harness.NewEmail()
	form := harness.SignUpForm(email, "Ada")
	form["traits"] = map[string]any{"email": email, "name": "Ada", "new_email": next}
	if done := env.OpenFlow(t, "registration/api", "").Submit(t, "", form); done.Status != http.StatusOK {
		t.Fatalf("the sign-up is refused: %d %s", done.Status, done.Problems())
	}
	if got := env.Identity(t, email).NewEmail; got != "" {
		t.Errorf("after the sign-up the new address is %q, want none", got)
	}
	env.VerifyByMail(t, email)
	env.Login(t, email)
}

// TestNewAddress_Taken has an account that asks for no verification get the address first.
func TestNewAddress_Taken(t *testing.T) {
	t.Parallel()
	ada, next := env.NewMember(t, "Ada"), harness.NewEmail()
	askFor(t, ada, next)
	env.CreateIdentity(t, "demo", next, "Bob")
	if done := env.EnterCode(t, ada.Token, next); done.State == "passed_challenge" || done.Problems() != "form 9000011" {
		t.Errorf("the code for an address that is taken: state %s, %q, want form 9000011", done.State, done.Problems())
	}
	expectAddresses(t, "after", ada, ada.Email, "")
}

// TestNewAddress_TellsNoMoreThanSignUp asks for addresses that others have, or want to have.
func TestNewAddress_TellsNoMoreThanSignUp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		want    string
		address func(t *testing.T) string
	}{
		"an address of nobody": {"", func(*testing.T) string { return harness.NewEmail() }},
		"an address that another member asks for": {"", func(t *testing.T) string {
			t.Helper()
			next := harness.NewEmail()
			askFor(t, env.NewMember(t, "Bob"), next)
			return next
		}},
		"an address of another member": {"form 4000007", func(t *testing.T) string { t.Helper(); return env.NewMember(t, "Bob").Email }},
		"an address of an account that is not confirmed": {"form 4000007", func(t *testing.T) string {
			t.Helper()
			email := harness.NewEmail()
			env.Register(t, email, "Bob")
			return email
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signUp := env.OpenFlow(t, "registration/api", "").Submit(t, "", harness.SignUpForm(test.address(t), "Ada"))
			ada := env.NewMember(t, "Ada")
			change := env.UpdateProfile(t, ada.Token, test.address(t), ada.Name)
			if signUp.Problems() != test.want || change.Problems() != test.want {
				t.Errorf("a sign-up says %q, a change of address %q, want %q", signUp.Problems(), change.Problems(), test.want)
			}
			if test.want != "" {
				expectAddresses(t, "after the refusal", ada, ada.Email, "")
			}
		})
	}
}
