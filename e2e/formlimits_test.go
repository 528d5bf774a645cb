package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
)

// sentForm is a form as it is sent to the server, for Kratos.
type sentForm struct {
	method, query, contentType, body string
	accept                           string // JSON if empty
	token                            string
}

func jsonForm(body string) sentForm {
	return sentForm{method: http.MethodPost, contentType: "application/json", body: body}
}

func encodedForm(fields url.Values) sentForm {
	return sentForm{method: http.MethodPost, contentType: "application/x-www-form-urlencoded", body: fields.Encode()}
}

// formAnswer is the answer to a form.
type formAnswer struct {
	harness.FlowResult
	header http.Header
	text   string
	took   time.Duration
}

// send sends the form of a flow through the server.
func (f sentForm) send(t *testing.T, kind, flow string) (got formAnswer) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), f.method, env.KratosURL()+"self-service/"+kind+"?flow="+flow+f.query, strings.NewReader(f.body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "application/json")
	for name, value := range map[string]string{"Content-Type": f.contentType, "Accept": f.accept, "X-Session-Token": f.token} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	began := time.Now()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got.text, got.header, got.took = string(text), response.Header, time.Since(began)
	_ = json.Unmarshal(text, &got.FlowResult) // A redirect has no flow.
	got.Status = response.StatusCode
	return got
}

// shape returns what an answer says, without what differs between two flows.
func (a formAnswer) shape() string {
	text := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z`).ReplaceAllString(a.text+a.header.Get("Location"), "…")
	names := make([]string, 0, len(a.header))
	for name := range a.header {
		if name != "Content-Length" { // It differs with the number of digits of a time.
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return http.StatusText(a.Status) + " " + strings.Join(names, ",") + " " + text
}

// TestForms_OneMailAMinute asks in every way for codes to one address. The production failure: 121 mails to a stranger in
// three seconds.
func TestForms_OneMailAMinute(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"verification", "recovery"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			m := env.NewMember(t, "Ada")
			email, encoded := m.Email, url.Values{"method": {"code"}, "email": {m.Email}}
			flow := env.OpenFlow(t, kind+"/api", "").ID
			first := jsonForm(`{"method":"code","email":"`+email+`"}`).send(t, kind, flow)
			if n := env.QueuedMails(t, email); n != 1 || first.State != "sent_email" {
				t.Fatalf("the first form is answered by %s, and there are %d mails, want one", first.text, n)
			}
			html := encodedForm(encoded)
			html.accept = "text/html"
			query := jsonForm(`{"method":"code"}`)
			query.query = "&email=" + email
			get := sentForm{method: http.MethodGet, query: "&method=code&email=" + email}
			for about, f := range map[string]sentForm{
				"the same form":        jsonForm(`{"method":"code","email":"` + email + `"}`),
				"another case":         jsonForm(`{"method":"code","email":"` + strings.ToUpper(email) + `"}`),
				"spaces around":        jsonForm(`{"method":"code","email":" ` + email + ` "}`),
				"escaped letters":      jsonForm(`{"method":"code","\u0065mail":"\u0020` + email + `"}`),
				"form-encoded":         encodedForm(encoded),
				"for a page":           html,
				"in the query":         query,
				"by GET":               get,
				"an invisible letter":  jsonForm(`{"method":"code","email":"` + strings.Replace(email, "@", "\u2063@", 1) + `"}`),
				"a code beside":        jsonForm(`{"method":"code","email":"` + email + `","code":""}`),
				"a charset":            {method: http.MethodPost, contentType: "application/json; charset=utf-8", body: `{"method":"code","email":"` + email + `"}`},
				"two addresses":        jsonForm(`{"method":"code","email":"nobody@example.org","email":"` + email + `"}`),
				"two types":            {method: http.MethodPost, contentType: "text/plain, application/json", body: `{"method":"code","email":"` + email + `"}`},
				"another in the query": {method: http.MethodPost, contentType: "application/json", body: `{"method":"code","email":"` + email + `"}`, query: "&email=nobody@example.org"},
			} {
				for where, id := range map[string]string{"the same flow": flow, "another flow": env.OpenFlow(t, kind+"/api", "").ID} {
					again := f.send(t, kind, id)
					if n := env.QueuedMails(t, email); n != 1 {
						t.Fatalf("%s, %s: %s is mailed %d codes in a minute, want one; the answer is %s", about, where, email, n, again.text)
					}
					if got, want := again.shape(), first.shape(); about == "the same form" && got != want {
						t.Errorf("%s, %s: the answer that mails nothing is\n%s\nwant that which mails\n%s", about, where, got, want)
					}
				}
			}
		})
	}
}

// TestForms_RefusedMailKeepsTheCode asks for another code at once. The one that is on its way is accepted.
func TestForms_RefusedMailKeepsTheCode(t *testing.T) {
	t.Parallel()
	email := harness.NewEmail()
	env.Register(t, email, "Ada")
	browser := env.NewBrowser(t)
	flow := browser.OpenFlow(t, "verification/browser")
	form := map[string]any{"method": "code", "email": email}
	browser.Submit(t, flow, form)
	code := env.AwaitVerificationCode(t, email, flow.ID)
	if again := browser.Submit(t, flow, form); again.Status != http.StatusOK || again.State != "sent_email" {
		t.Errorf("the second form is answered by %d with the state %q, want 200 and sent_email", again.Status, again.State)
	}
	browser.Submit(t, flow, map[string]any{"method": "code", "code": "000000"})
	again := browser.Submit(t, flow, form)
	if got := again.Problems(); got != "" {
		t.Errorf("a form for another code shows the problems of the form before: %s", got)
	}
	if done := browser.Submit(t, flow, map[string]any{"method": "code", "code": code}); done.State != "passed_challenge" {
		t.Errorf("the code in the mail leads to the state %q: %s", done.State, done.Problems())
	}

	// Another flow gets no mail. It looks as if, and the address in it is that which was typed.
	other := env.NewBrowser(t)
	flow = other.OpenFlow(t, "verification/browser")
	other.Submit(t, flow, form)
	var shown harness.Flow
	other.Call(t, http.MethodGet, "self-service/verification/flows?id="+flow.ID, nil, &shown)
	found := false
	for _, node := range shown.UI.Nodes {
		found = found || node.Attributes.Name == "email" && node.Attributes.Value == email
	}
	if shown.State != "sent_email" || !found {
		t.Errorf("a flow whose code is not mailed is %+v, want that it waits for a code to %s", shown, email)
	}
}

// TestForms_ChangeOfAddressMailsOnce changes the address of a member to that of a stranger, again and again.
func TestForms_ChangeOfAddressMailsOnce(t *testing.T) {
	t.Parallel()
	ada, stranger := env.NewMember(t, "Ada"), harness.NewEmail()
	change := func(email, name string) formAnswer {
		t.Helper()
		f := jsonForm(`{"method":"profile","traits":{"email":"` + email + `","name":"` + name + `"}}`)
		f.token = ada.Token
		return f.send(t, "settings", env.OpenFlow(t, "settings/api", ada.Token).ID)
	}
	if got := change(stranger, "Ada"); got.Status != http.StatusOK {
		t.Fatalf("the change is refused: %s", got.text)
	}
	keeps := jsonForm(`{"method":"profile","traits":{"email":"` + ada.Email + `","new_email":"` + stranger + `","name":"Augusta"}}`)
	keeps.token = ada.Token
	if got := keeps.send(t, "settings", env.OpenFlow(t, "settings/api", ada.Token).ID); got.Status != http.StatusOK {
		t.Errorf("a change of the name that keeps the new address is refused: %s", got.text)
	}
	if got := env.Identity(t, ada.Email); got.NewEmail != stranger || got.Name != "Augusta" || got.NewEmailVerified {
		t.Errorf("after a change of the name alone Ada is %+v, want the name Augusta and the new address not verified", got)
	}
	for _, name := range []string{"Augusta", "Augusta Ada"} {
		if got := change(ada.Email, name); got.Status != http.StatusOK {
			t.Errorf("a change of the name alone is refused: %s", got.text)
		}
	}
	mailed := env.QueuedMails(t, stranger)
	got := change(stranger, "Ada")
	if n := env.QueuedMails(t, stranger); n != mailed || n != 1 {
		t.Errorf("the stranger gets %d mails, then %d, want one", mailed, n)
	}
	if got.Status != http.StatusTooManyRequests || got.Problems() != "form 9000007" || got.header.Get("Retry-After") == "" {
		t.Errorf("the second change is answered by %d %s, want 429 with message 9000007 and Retry-After", got.Status, got.text)
	}
}

// TestForms_RefusedSignUpMailsNothing repeats a sign-up that Kratos refuses. It does not use up the mail.
func TestForms_RefusedSignUpMailsNothing(t *testing.T) {
	t.Parallel()
	email := harness.NewEmail()
	signUp := func(password string) formAnswer {
		t.Helper()
		return jsonForm(`{"method":"password","password":"`+password+`","traits":{"email":"`+email+`","name":"Ada"}}`).
			send(t, "registration", env.OpenFlow(t, "registration/api", "").ID)
	}
	if got := signUp("short"); got.Status != http.StatusBadRequest {
		t.Fatalf("a short password is answered by %d %s", got.Status, got.text)
	}
	if got := signUp(harness.Password); got.Status != http.StatusOK {
		t.Errorf("a sign-up after one that was refused: %d %s", got.Status, got.text)
	}
	if n := env.QueuedMails(t, email); n != 1 {
		t.Errorf("there are %d mails, want one", n)
	}
}

// TestForms_TimeHidesAccounts measures the answers to forms that mail a code. Kratos needs longer if there is an account.
//
//nolint:paralleltest // What runs beside it would take Kratos longer than a second.
func TestForms_TimeHidesAccounts(t *testing.T) {
	for _, kind := range []string{"verification", "recovery"} {
		median := func(known bool) time.Duration {
			var times []time.Duration
			for range 5 {
				email := harness.NewEmail()
				if known {
					env.CreateIdentity(t, "member", email, "Ada")
				}
				flow := env.OpenFlow(t, kind+"/api", "").ID
				times = append(times, jsonForm(`{"method":"code","email":"`+email+`"}`).send(t, kind, flow).took)
			}
			slices.Sort(times)
			return times[len(times)/2]
		}
		known, unknown := median(true), median(false)
		if difference := (known - unknown).Abs(); difference > min(known, unknown)/5 {
			t.Errorf("a %s takes %s if the address has an account, otherwise %s", kind, known, unknown)
		}
	}
}

// guess sends a password to the server, as an app without cookies does.
func guess(t *testing.T, identifier, password string) formAnswer {
	t.Helper()
	return jsonForm(`{"method":"password","identifier":"`+identifier+`","password":"`+password+`"}`).
		send(t, "login", env.OpenFlow(t, "login/api", "").ID)
}

func checkGuessPause(t *testing.T, about string, got formAnswer) {
	t.Helper()
	// The minute has begun with the tenth guess.
	pause, err := strconv.Atoi(got.header.Get("Retry-After"))
	if got.Status != http.StatusTooManyRequests || got.Problems() != "form 9000006" || err != nil || pause <= 30 || pause > 60 {
		t.Errorf("%s is answered by %d %s, Retry-After %q; want 429 with message 9000006 and a minute", about, got.Status, got.text, got.header.Get("Retry-After"))
	}
}

// TestForms_PasswordsAreGuessedTenTimes guesses the password of a member. The answers do not tell whether there is such a
// member, and a browser that has logged in before goes on.
func TestForms_PasswordsAreGuessedTenTimes(t *testing.T) {
	t.Parallel()
	ada, bob := env.NewMember(t, "Ada"), env.NewMember(t, "Bob")
	known := env.NewBrowser(t)
	known.Login(t, ada.Email)
	elsewhere := env.NewBrowser(t)
	elsewhere.Login(t, bob.Email)
	for about, email := range map[string]string{"a member": ada.Email, "nobody": harness.NewEmail()} {
		for n := range 10 {
			spelled := []string{email, strings.ToUpper(email), " " + email + " "}[n%3]
			if got := guess(t, spelled, "wrong-password-of-a-cat"); got.Problems() != "form 4000006" {
				t.Errorf("%s: the wrong password %d is answered by %d %s, want message 4000006", about, n+1, got.Status, got.text)
			}
		}
		checkGuessPause(t, about+": the right password after ten wrong ones", guess(t, email, harness.Password))
	}
	login := func(b *harness.Browser) int {
		return b.Submit(t, b.OpenFlow(t, "login/browser?refresh=true"), map[string]any{"method": "password", "identifier": ada.Email, "password": harness.Password}).Status
	}
	if got := login(known); got != http.StatusOK {
		t.Errorf("the browser that has logged in before is answered by %d, want 200", got)
	}
	if got := login(elsewhere); got != http.StatusTooManyRequests {
		t.Errorf("the browser of another member is answered by %d, want 429", got)
	}
	if got := guess(t, bob.Email, harness.Password); got.Status != http.StatusOK {
		t.Errorf("another member is answered by %d %s", got.Status, got.text)
	}
}

// TestForms_HaveOneReading guesses a password in forms that name another account too, of which Kratos would take the member's.
// The production failure: they counted for the other account, and made the browser one that knows the member's.
func TestForms_HaveOneReading(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	const decoy = "decoy@example.org"
	password := `"method":"password","password":"` + harness.Password + `"`
	for about, f := range map[string]sentForm{
		"in the query":       {method: http.MethodPost, contentType: "application/json", body: `{` + password + `,"password_identifier":"` + ada.Email + `"}`, query: "&identifier=" + decoy},
		"in capitals":        jsonForm(`{` + password + `,"IDENTIFIER":"` + decoy + `","password_identifier":"` + ada.Email + `"}`),
		"as null":            jsonForm(`{` + password + `,"identifier":null,"password_identifier":"` + ada.Email + `"}`),
		"by the former name": jsonForm(`{` + password + `,"identifier":"` + decoy + `","password_identifier":"` + ada.Email + `"}`),
	} {
		got := f.send(t, "login", env.OpenFlow(t, "login/api", "").ID)
		if got.Status != http.StatusBadRequest || got.Error.ID != "BAD_USER_INPUT" || got.SessionToken != "" || got.header.Get("Set-Cookie") != "" {
			t.Errorf("another account %s is answered by %d %s, want 400", about, got.Status, got.text)
		}
	}
	for about, body := range map[string]string{
		"as a text":      `{"method":"password","password":"` + harness.Password + `","traits":"{\"email\":\"` + decoy + `\",\"name\":\"Ada\"}"}`,
		"beside another": `{"method":"password","password":"` + harness.Password + `","traits":{"name":"Ada"},"traits.email":"` + decoy + `"}`,
	} {
		if got := jsonForm(body).send(t, "registration", env.OpenFlow(t, "registration/api", "").ID); got.Status != http.StatusBadRequest || got.Error.ID != "BAD_USER_INPUT" {
			t.Errorf("a sign-up with an address %s is answered by %d %s, want 400", about, got.Status, got.text)
		}
	}
}

// TestForms_UnreadCodesDoNotCount sends codes that Kratos does not check. A stranger delays nobody by them.
func TestForms_UnreadCodesDoNotCount(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	flow := env.OpenFlow(t, "recovery/api", "").ID
	jsonForm(`{"method":"code","email":"`+ada.Email+`"}`).send(t, "recovery", flow)
	code := env.AwaitRecoveryCode(t, ada.Email)
	unread := jsonForm(`{"method":"code","code":"000000","transient_payload":"no object"}`)
	for n := range 12 {
		if got := unread.send(t, "recovery", flow); got.Status == http.StatusTooManyRequests {
			t.Fatalf("code %d that Kratos does not read is refused: %s", n+1, got.text)
		}
	}
	if got := jsonForm(`{"method":"code","code":"`+code+`"}`).send(t, "recovery", flow); got.Status == http.StatusTooManyRequests {
		t.Errorf("the right code is refused: %s", got.text)
	}
}

// TestForms_RightPasswordsAreNoGuesses logs in more often than somebody may guess.
func TestForms_RightPasswordsAreNoGuesses(t *testing.T) {
	t.Parallel()
	ada, pending := env.NewMember(t, "Ada"), harness.NewEmail()
	env.Register(t, pending, "Pending")
	for n := range 12 {
		if got := guess(t, ada.Email, harness.Password); got.Status != http.StatusOK {
			t.Fatalf("login %d: %d %s", n+1, got.Status, got.text)
		}
		if got := guess(t, pending, harness.Password); got.Problems() != "identifier 9000003" {
			t.Fatalf("login %d with an address that is not confirmed: %d %s", n+1, got.Status, got.text)
		}
	}
}

// TestForms_SecondFactorIsGuessedTenTimes guesses the second factor of a member whose password somebody knows, in a new
// session each time. A password that is known does not make a browser one of the member's.
func TestForms_SecondFactorIsGuessedTenTimes(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	code, backup := setUpSecondFactor(t, ada.Token)
	second := func(b *harness.Browser, fields map[string]any) harness.FlowResult {
		t.Helper()
		return b.Submit(t, b.OpenFlow(t, "login/browser?aal=aal2&refresh=true"), fields)
	}
	newBrowser := func() *harness.Browser {
		b := env.NewBrowser(t)
		if done := b.Submit(t, b.OpenFlow(t, "login/browser"), map[string]any{"method": "password", "identifier": ada.Email, "password": harness.Password}); done.Status != http.StatusUnprocessableEntity {
			t.Fatalf("the password is answered by %d %s, want the way to the second factor", done.Status, done.Problems())
		}
		return b
	}
	known := newBrowser()
	if done := second(known, map[string]any{"method": "totp", "totp_code": code()}); done.Status != http.StatusOK {
		t.Fatalf("the code of the app is answered by %d %s", done.Status, done.Problems())
	}
	for n := range 10 {
		wrong := []map[string]any{{"method": "totp", "totp_code": "000000"}, {"method": "lookup_secret", "lookup_secret": "wrong123"}}[n%2]
		if got := second(newBrowser(), wrong); got.Status != http.StatusBadRequest {
			t.Errorf("wrong code %d is answered by %d %s, want 400", n+1, got.Status, got.Problems())
		}
	}
	if got := second(newBrowser(), map[string]any{"method": "lookup_secret", "lookup_secret": backup[0]}); got.Status != http.StatusTooManyRequests || got.Problems() != "form 9000006" {
		t.Errorf("the right code after ten wrong ones is answered by %d %s, want 429 with message 9000006", got.Status, got.Problems())
	}
	if got := second(known, map[string]any{"method": "lookup_secret", "lookup_secret": backup[1]}); got.Status != http.StatusOK {
		t.Errorf("the browser that has used the second factor before is answered by %d %s, want 200", got.Status, got.Problems())
	}
}

// TestForms_CodesAreGuessedTenTimes guesses the code in a mail, in two flows for the same address. Kratos itself counts for
// each flow.
func TestForms_CodesAreGuessedTenTimes(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"verification", "recovery"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			ada := env.NewMember(t, "Ada")
			var last formAnswer
			for n := range 11 {
				if n%4 == 0 {
					last.ID = env.OpenFlow(t, kind+"/api", "").ID
					jsonForm(`{"method":"code","email":"`+ada.Email+`"}`).send(t, kind, last.ID)
				}
				last = jsonForm(`{"method":"code","code":"000000"}`).send(t, kind, last.ID)
				if n < 10 && last.Status == http.StatusTooManyRequests {
					t.Errorf("code %d is refused: %s", n+1, last.text)
				}
			}
			checkGuessPause(t, "the code after ten wrong ones", last)
		})
	}
}
