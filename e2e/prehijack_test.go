package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
)

// squatter has prepared an account with the address of somebody else, and still has these.
type squatter struct {
	tokens []string // of sessions
	// meanwhile is called while the victim's recovery is under way, unless it is nil.
	meanwhile func(forward func() *http.Response) *http.Response
	// after is called after the victim's recovery, and again after she has set her password. It
	// returns the token of a session that it gets.
	after func() string
}

// TestPreHijack is the table of attacks in Sudhodanan and Paverd, "Pre-hijacked accounts: an
// empirical study of security failures in user account creation on the web" (USENIX Security
// 2022), as far as they apply without logins by other providers. Each squatter knows the
// password. The victim recovers the account and leaves the page before she sets a password.
func TestPreHijack(t *testing.T) {
	t.Parallel()
	// moved is the squatter's own confirmed account, which an operator has moved to the victim's
	// address. A member cannot do that: see TestPreHijack_NewAddress.
	moved := func(t *testing.T, victim string, before ...func(harness.Member)) harness.Member {
		t.Helper()
		m := env.NewMember(t, "Mallory")
		for _, prepare := range before {
			prepare(m)
		}
		if err := env.Kratos.ChangeEmail(t.Context(), m.Email, victim); err != nil {
			t.Fatalf("the operator cannot move the account: %v", err)
		}
		return m
	}
	for name, prepare := range map[string]func(*testing.T, string) squatter{
		"classic: a sign-up with a password": func(t *testing.T, victim string) squatter {
			t.Helper()
			env.Register(t, victim, "Mallory")
			return squatter{}
		},
		"unexpired session: kept alive over the recovery": func(t *testing.T, victim string) squatter {
			t.Helper()
			m := moved(t, victim)
			other := env.RefreshLogin(t, victim, m.Token).SessionToken
			return squatter{tokens: []string{m.Token, other}, after: func() string {
				return env.RefreshLogin(t, victim, m.Token).SessionToken
			}}
		},
		"trojan identifier: a second factor": func(t *testing.T, victim string) squatter {
			t.Helper()
			m := moved(t, victim, func(m harness.Member) { setUpSecondFactor(t, m.Token) })
			return squatter{tokens: []string{m.Token}}
		},
		"trojan identifier: a second factor, and calls of the webhooks of the profile": func(t *testing.T, victim string) squatter {
			t.Helper()
			m := moved(t, victim, func(m harness.Member) { setUpSecondFactor(t, m.Token) })
			payload := harness.IdentityPayload(env.Identity(t, victim).ID)
			return squatter{tokens: []string{m.Token}, meanwhile: func(forward func() *http.Response) *http.Response {
				for _, webhook := range []string{"settings", "registered", "login"} {
					env.CallWebhook(t, webhook, payload)
				}
				return forward()
			}}
		},
		"trojan identifier: a recovery by the former address": func(t *testing.T, victim string) squatter {
			t.Helper()
			var recovery harness.Flow
			var code string
			m := moved(t, victim, func(m harness.Member) {
				recovery = env.OpenRecovery(t, m.Email)
				code = env.AwaitRecoveryCode(t, m.Email)
			})
			return squatter{tokens: []string{m.Token}, after: func() string {
				done := recovery.SubmitCode(t, code)
				env.OpenRecovery(t, m.Email)
				return done.RecoveryToken()
			}}
		},
		"unexpired email change: a verification of the former address": func(t *testing.T, victim string) squatter {
			t.Helper()
			var verification harness.Flow
			var code string
			m := moved(t, victim, func(m harness.Member) {
				setUpSecondFactor(t, m.Token)
				verification = env.OpenVerification(t, m.Email)
				code = env.AwaitVerificationCode(t, m.Email, verification.ID)
			})
			return squatter{tokens: []string{m.Token}, meanwhile: func(forward func() *http.Response) *http.Response {
				verification.SubmitCode(t, code)
				return forward()
			}}
		},
		"unexpired email change: back to the former address": func(t *testing.T, victim string) squatter {
			t.Helper()
			m := moved(t, victim)
			settings := env.OpenFlow(t, "settings/api", m.Token)
			return squatter{tokens: []string{m.Token}, after: func() string {
				settings.Submit(t, m.Token, map[string]any{"method": "profile", "traits": map[string]any{"email": m.Email, "name": m.Name}})
				return env.SubmitLogin(t, m.Email, harness.Password).SessionToken
			}}
		},
		"unexpired email change: a new address of the squatter": func(t *testing.T, victim string) squatter {
			t.Helper()
			m, next := moved(t, victim), harness.NewEmail()
			if done := env.UpdateProfile(t, m.Token, next, m.Name); done.Status != http.StatusOK {
				t.Fatalf("the squatter cannot ask for an address: %s", done.Problems())
			}
			verification := env.OpenVerification(t, next)
			code := env.AwaitVerificationCode(t, next, verification.ID)
			return squatter{tokens: []string{m.Token}, after: func() string {
				verification.SubmitCodeAs(t, m.Token, code)
				return env.SubmitLogin(t, next, harness.Password).SessionToken
			}}
		},
		"a form opened before: a new password": func(t *testing.T, victim string) squatter {
			t.Helper()
			const password = "mallory-has-no-cat-8"
			m := moved(t, victim)
			settings := env.OpenFlow(t, "settings/api", m.Token)
			return squatter{tokens: []string{m.Token}, after: func() string {
				settings.Submit(t, m.Token, map[string]any{"method": "password", "password": password})
				return env.SubmitLogin(t, victim, password).SessionToken
			}}
		},
		"a form sent before and handled after: a new password": func(t *testing.T, victim string) squatter {
			t.Helper()
			const password = "mallory-has-no-cat-8"
			m := moved(t, victim)
			settings := env.OpenFlow(t, "settings/api", m.Token)
			finish := heldBack(t, victim, "change", func() {
				settings.Submit(t, m.Token, map[string]any{"method": "password", "password": password})
			})
			return squatter{tokens: []string{m.Token}, after: func() string {
				finish()
				return env.SubmitLogin(t, victim, password).SessionToken
			}}
		},
		"a form sent before and handled after: a login": func(t *testing.T, victim string) squatter {
			t.Helper()
			env.Register(t, victim, "Mallory")
			form, token := env.OpenFlow(t, "login/api", ""), ""
			finish := heldBack(t, victim, "login", func() {
				token = form.Submit(t, "", map[string]any{"method": "password", "identifier": victim, "password": harness.Password}).SessionToken
			})
			return squatter{after: func() string {
				finish()
				return token
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const password = "another-cat-named-Murka-9"
			victim := harness.NewEmail()
			squatter := prepare(t, victim)
			if squatter.meanwhile != nil {
				env.Webhooks.Inject(victim, harness.Once("recovery", squatter.meanwhile))
			}
			expectNothing := func(when string) {
				t.Helper()
				tokens := append([]string{env.SubmitLogin(t, victim, harness.Password).SessionToken}, squatter.tokens...)
				if squatter.after != nil {
					tokens = append(tokens, squatter.after())
				}
				for i, token := range tokens {
					if token == "" {
						continue
					}
					if i == 0 || i > len(squatter.tokens) {
						t.Errorf("%s the squatter gets session %d", when, i)
					}
					if code := env.Query(t, token, `{ me { id } }`, nil).Code(); code != "UNAUTHENTICATED" {
						t.Errorf("%s the squatter's session %d: %s, want UNAUTHENTICATED", when, i, code)
					}
				}
			}

			recovered := env.OpenRecovery(t, victim).SubmitCode(t, env.AwaitRecoveryCode(t, victim))
			token := recovered.RecoveryToken()
			if token == "" {
				t.Fatalf("the victim cannot recover the account: %d %s", recovered.Status, recovered.Problems())
			}
			expectNothing("after the recovery")
			if done := env.UpdatePassword(t, token, password); done.Status != http.StatusOK {
				t.Fatalf("the victim's password is refused: %d %s", done.Status, done.Problems())
			}
			expectNothing("after the new password")
			done := env.SubmitLogin(t, victim, password)
			if code := env.Query(t, done.SessionToken, `{ me { id } }`, nil).Code(); code != "OK" {
				t.Errorf("the victim with the new password: %s %s, want OK", code, done.Problems())
			}
		})
	}
}

// heldBack sends a form, and returns when its webhook has been called. The call goes on when
// finish is called, which returns when the form is answered. More calls of it do nothing.
func heldBack(t *testing.T, email, webhook string, send func()) (finish func()) {
	t.Helper()
	called, release, answered := make(chan struct{}), make(chan struct{}), make(chan struct{})
	env.Webhooks.Inject(email, harness.Once(webhook, func(forward func() *http.Response) *http.Response {
		close(called)
		<-release
		return forward()
	}))
	go func() {
		defer close(answered)
		send()
	}()
	select {
	case <-called:
	case <-answered:
		t.Errorf("the webhook %s is not called", webhook)
	}
	finished := false
	return func() {
		if !finished {
			finished = true
			close(release)
		}
		<-answered
	}
}

// TestPreHijack_RecoveryFails has our work after the code fail, when Kratos already calls the
// address verified.
func TestPreHijack_RecoveryFails(t *testing.T) {
	t.Parallel()
	victim := harness.NewEmail()
	env.Register(t, victim, "Mallory")
	env.Webhooks.Inject(victim, harness.Always("recovery", harness.LoseCall))
	first := env.OpenRecovery(t, victim)
	code := env.AwaitRecoveryCode(t, victim)
	if done := first.SubmitCode(t, code); done.RecoveryToken() != "" {
		t.Error("there is a session although the webhook has failed")
	}
	for range 2 {
		if got := env.SubmitLogin(t, victim, harness.Password).Problems(); got != "identifier 9000003" {
			t.Errorf("a login with the squatter's password: %q, want identifier 9000003", got)
		}
	}
	env.Webhooks.Clear(victim)
	again, other := env.OpenRecovery(t, victim), ""
	harness.Await(t, "another code", func() bool {
		other = env.AwaitRecoveryCode(t, victim)
		return other != code
	})
	if done := again.SubmitCode(t, other); done.RecoveryToken() == "" {
		t.Errorf("the second recovery: %d %s, want a session", done.Status, done.Problems())
	}
	if got := env.SubmitLogin(t, victim, harness.Password).Problems(); got != "form 4000006" {
		t.Errorf("a login with the squatter's password after that: %q, want form 4000006", got)
	}
}

// TestPreHijack_Link signs up with the address of somebody else in an app. The owner of the mailbox opens the link in the mail,
// which may be a program that looks for bad sites: the code does not get into the squatter's form. In the form of a browser it
// does, where nobody else can read it.
func TestPreHijack_Link(t *testing.T) {
	t.Parallel()
	victim := harness.NewEmail()
	env.Register(t, victim, "Mallory")
	form := map[string]any{"method": "code", "email": victim}
	link := func(flow harness.Flow) (to, code string) {
		t.Helper()
		code = env.AwaitVerificationCode(t, victim, flow.ID)
		return env.KratosURL() + "self-service/verification?" + url.Values{"code": {code}, "flow": {flow.ID}}.Encode(), code
	}
	contains := func(flow harness.Flow, code string) bool {
		for _, node := range flow.UI.Nodes {
			if node.Attributes.Value == code {
				return true
			}
		}
		return false
	}

	flow := env.OpenFlow(t, "verification/api", "")
	flow.Submit(t, "", form)
	to, code := link(flow)
	answer := env.NewBrowser(t).Open(t, to)
	if got := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther || !strings.HasSuffix(got, "/self-service/verification/browser") {
		t.Errorf("the link for an app is answered by %s to %q, want a new form", answer.Status, got)
	}
	var read harness.Flow
	squatter := env.NewBrowser(t)
	if status := squatter.Call(t, http.MethodGet, "self-service/verification/flows?id="+flow.ID, nil, &read); status != http.StatusOK || contains(read, code) {
		t.Errorf("the squatter reads the form: %d, with the code: %t", status, contains(read, code))
	}

	browser := env.NewBrowser(t)
	flow = browser.OpenFlow(t, "verification/browser")
	browser.Submit(t, flow, form)
	to, code = link(flow)
	if answer := browser.Open(t, to); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("the link for a browser is answered by %s", answer.Status)
	}
	read = harness.Flow{}
	if browser.Call(t, http.MethodGet, "self-service/verification/flows?id="+flow.ID, nil, &read); !contains(read, code) {
		t.Error("the code of the link is not in the form of the browser that has opened it")
	}
	if status := squatter.Call(t, http.MethodGet, "self-service/verification/flows?id="+flow.ID, nil, &read); status != http.StatusForbidden {
		t.Errorf("another browser reads the form: %d, want 403", status)
	}
}
