package kratosproxy

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// TestNormal_IsWhatKratosCompares has spellings that are the same address for Kratos, and others that mail nobody.
func TestNormal_IsWhatKratosCompares(t *testing.T) {
	t.Parallel()
	for spelled, want := range map[string]string{
		"ada@example.org":        "ada@example.org",
		" ADA@Example.ORG\n":     "ada@example.org",
		"Ádám@example.org":       "ádám@example.org",
		"ada@example.org.":       "ada@example.org.",
		"ada@ｅｘａｍｐｌｅ.org":        "ada@ｅｘａｍｐｌｅ.org",
		"ada\u2063@example.org":  "ada\u2063@example.org",
		"ada @example.org":       "ada @example.org",
		`"ada@home"@example.org`: `"ada@home"@example.org`,
		"":                       "",
	} {
		if got := kratos.NormalEmail(spelled); got != want {
			t.Errorf("NormalEmail(%q) is %q, want %q", spelled, got, want)
		}
	}
}

const (
	encoded, plain = "application/x-www-form-urlencoded", "application/json"
	flowID         = "7b3c1c0a-4c0e-4c58-9a3f-3c5d0a7b1e2f"
)

// TestReadForm_HasOneReading has forms that Kratos could read in another way, and how the others are read.
func TestReadForm_HasOneReading(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct {
		query, contentType, body string
		want                     error
		email                    string
	}{
		"JSON":                         {"", plain, `{"email":"a@b.c"}`, nil, "a@b.c"},
		"form-encoded":                 {"", encoded, `email=a%40b.c`, nil, "a@b.c"},
		"in the query":                 {"?email=a%40b.c", plain, `{}`, errQuery, ""},
		"in both":                      {"?email=a%40b.c", plain, `{"email":"a@b.c"}`, errQuery, ""},
		"a button's own value":         {"", encoded, `method=code&method=code&email=a%40b.c`, nil, "a@b.c"},
		"no body":                      {"", "", "", nil, ""},
		"a flow":                       {"?flow=" + flowID, plain, `{"email":"a@b.c"}`, nil, "a@b.c"},
		"two flows":                    {"?flow=" + flowID + "&flow=" + flowID, plain, `{}`, errQuery, ""},
		"two flows and more":           {"?flow=" + flowID + "&flow=" + flowID + "&a=1", plain, `{}`, errQuery, ""},
		"no id":                        {"?flow=1", plain, `{}`, errQuery, ""},
		"an id that only Kratos reads": {"?flow={" + strings.ReplaceAll(flowID, "-", "") + "}", plain, `{}`, errQuery, ""},
		"an unknown type":              {"", "text/plain", `email=a%40b.c`, errNotForm, ""},
		"several parts":                {"", "multipart/form-data; boundary=x", `--x--`, errNotForm, ""},
		"nested":                       {"", plain, `{"traits":{"email":"a@b.c"}}`, nil, ""},
		"null":                         {"", plain, `{"email":null}`, nil, ""},
		"twice in JSON":                {"", plain, `{"email":"a@b.c","email":"d@e.f"}`, errAmbiguous, ""},
		"another case":                 {"", plain, `{"Email":"a@b.c"}`, errField, ""},
		"another case form-encoded":    {"", encoded, `EMAIL=a%40b.c`, errField, ""},
		"another case in the traits":   {"", plain, `{"traits":{"Email":"a@b.c"}}`, errField, ""},
		"any case for the webhooks":    {"", plain, `{"email":"a@b.c","transient_payload":{"Any":"Case"}}`, nil, "a@b.c"},
		"a letter that folds":          {"", plain, `{"paſſword":"b"}`, errField, ""},
		"the former name":              {"", plain, `{"password_identifier":"a@b.c"}`, errField, ""},
		"a flow in the body":           {"?flow=" + flowID, encoded, `flow=` + flowID, errField, ""},
		"traits as a text":             {"", plain, `{"traits":"{\"email\":\"a@b.c\"}"}`, errMalformed, ""},
		"traits form-encoded":          {"", encoded, `traits=%7B%22email%22%3A%22a%40b.c%22%7D`, errField, ""},
		"no traits":                    {"", plain, `{"traits":null}`, errMalformed, ""},
		"twice in an object":           {"", plain, `{"traits":{"email":"a@b.c","email":"d@e.f"}}`, errAmbiguous, ""},
		"nested and flat":              {"", plain, `{"traits":{"name":"a"},"traits.email":"d@e.f"}`, errAmbiguous, ""},
		"an invisible mark":            {"", plain, `{"email":"a\u2063@b.c"}`, errMalformed, ""},
		"another spelling of traits":   {"", plain, `{"traits":{"email":"\"a\"@b.c"}}`, errAddress, ""},
		"another spelling of one":      {"", encoded, `traits.new_email=%22a%22%40b.c`, errAddress, ""},
		"spaces around":                {"", encoded, `traits.new_email=+A%40b.c+`, nil, ""},
		"twice form-encoded":           {"", encoded, `email=a%40b.c&email=d%40e.f`, errAmbiguous, ""},
		"after the end":                {"", plain, `{"email":"a@b.c"} {"email":"d@e.f"}`, errMalformed, ""},
		"a list":                       {"", plain, `[{"email":"a@b.c"}]`, errMalformed, ""},
		"not JSON":                     {"", plain, `{"email":"a@b.c"`, errMalformed, ""},
		"not encoded":                  {"", encoded, `email=%zz`, errMalformed, ""},
		"two types":                    {"", "text/plain, application/json", `{}`, errNotForm, ""},
		"deep":                         {"", plain, strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000), nil, ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/self-service/recovery"+test.query, nil)
		if test.contentType != "" {
			r.Header.Set("Content-Type", test.contentType)
		}
		f, err := readForm("recovery", r, []byte(test.body))
		if !errors.Is(err, test.want) || err == nil && f.fields["email"] != test.email {
			t.Errorf("%s: the address is %+v and the error %v, want %q and %v", about, f, err, test.email, test.want)
		}
	}
}

// TestReadForm_JoinsSpellingsOfAFlow has the ids of one flow that Kratos accepts.
func TestReadForm_JoinsSpellingsOfAFlow(t *testing.T) {
	t.Parallel()
	for _, id := range []string{flowID, strings.ToUpper(flowID), strings.ReplaceAll(flowID, "-", ""), "{" + flowID + "}", "urn:uuid:" + flowID} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/self-service/recovery?flow="+id, nil)
		f, err := readForm("recovery", r, nil)
		if err != nil || f.flow.String() != flowID {
			t.Errorf("the flow %s is read as %+v, %v", id, f, err)
		}
	}
}

// TestForm_Does says which forms contain something that somebody may guess, and which mail a code, as Kratos reads them.
func TestForm_Does(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind, body     string
		guesses, mails bool
	}{
		{"login", `{"method":"password"}`, true, false},
		{"login", `{"method":"totp","totp_code":"123456"}`, true, false},
		{"login", `{"method":"lookup_secret"}`, true, false},
		{"login", `{}`, false, false},
		{"verification", `{"code":"123456"}`, true, false},
		{"verification", `{"code":"","email":"a@b.c"}`, false, true},
		{"verification", `{"code":"123456","email":"a@b.c"}`, true, false},
		{"recovery", `{"code":"123456"}`, true, false},
		{"recovery", `{"code":"","email":"a@b.c"}`, false, true},
		{"recovery", `{"code":"123456","email":"a@b.c"}`, false, true},
		{"settings", `{"method":"password"}`, false, false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/self-service/"+test.kind, nil)
		r.Header.Set("Content-Type", plain)
		f, err := readForm(test.kind, r, []byte(test.body))
		if err != nil || f.guesses() != test.guesses || f.mails() != test.mails {
			t.Errorf("%s with %s: %v; a guess: %t, a mail: %t, want %t and %t", test.kind, test.body, err, f.guesses(), f.mails(), test.guesses, test.mails)
		}
	}
}

// TestAnswer_IsWrong has Kratos's answers to guesses. Those that it has not read do not count.
func TestAnswer_IsWrong(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct {
		status         int
		location, body string
		cookie, want   bool
	}{
		"a wrong password":              {http.StatusBadRequest, "", `{"ui":{"messages":[{"id":4000006}]}}`, false, true},
		"a wrong code":                  {http.StatusOK, "", `{"ui":{"messages":[{"id":4070006}]}}`, false, true},
		"an app's wrong code":           {http.StatusBadRequest, "", `{"ui":{"nodes":[{"messages":[{"id":4000008}]}]}}`, false, true},
		"a login":                       {http.StatusOK, "", `{"session":{"id":"1"}}`, false, false},
		"an address to confirm":         {http.StatusBadRequest, "", `{"ui":{"nodes":[{"messages":[{"id":9000003}]}]}}`, false, false},
		"a field that is missing":       {http.StatusBadRequest, "", `{"ui":{"nodes":[{"messages":[{"id":4000002}]}]}}`, false, false},
		"a flow that has expired":       {http.StatusGone, "", `{"error":{"code":410}}`, false, false},
		"a form of another site":        {http.StatusForbidden, "", `{"error":{"code":403}}`, false, false},
		"back to the form":              {http.StatusSeeOther, "/login?flow=" + flowID, "", false, true},
		"back to the form, with cookie": {http.StatusSeeOther, "/login?flow=" + flowID, "", true, false},
		"to another form":               {http.StatusSeeOther, "/recovery?flow=x", "", false, false},
		"to an error":                   {http.StatusSeeOther, "/error?id=1", "", false, false},
	} {
		a := &answer{Response: &http.Response{StatusCode: test.status, Header: http.Header{"Location": {test.location}}}, hasCookie: test.cookie}
		a.flow, a.isJSON = readFlow([]byte(test.body))
		if got := a.isWrong(uuid.MustParse(flowID)); got != test.want {
			t.Errorf("%s is a wrong guess: %t, want %t", about, got, test.want)
		}
	}
}

// TestFlowAnswer_HasMailed has flows in which Kratos has mailed a code to an address, and others. The production failure: an
// address that is refused stands in the flow of another one, whose code is still valid.
func TestFlowAnswer_HasMailed(t *testing.T) {
	t.Parallel()
	const email = `{"attributes":{"name":"email","value":"a@b.c"}}`
	for about, test := range map[string]struct {
		flow string
		want bool
	}{
		"mailed":              {`{"state":"sent_email","ui":{"messages":[{"id":1080003}],"nodes":[` + email + `]}}`, true},
		"not mailed":          {`{"state":"choose_method","ui":{"nodes":[` + email + `]}}`, false},
		"another address":     {`{"state":"sent_email","ui":{"messages":[{"id":1080003}]}}`, false},
		"an address refused":  {`{"state":"sent_email","ui":{"messages":[{"id":1080003}],"nodes":[{"messages":[{"id":4000001}],"attributes":{"name":"email","value":"a@b.c"}}]}}`, false},
		"no answer of Kratos": {``, false},
	} {
		flow, _ := readFlow([]byte(test.flow))
		if got := flow.hasMailed("verification", "a@b.c"); got != test.want {
			t.Errorf("%s: a code is on its way: %t, want %t", about, got, test.want)
		}
	}
}

func TestForm_SetEmail(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct{ contentType, body, want string }{
		"JSON":         {plain, `{"method":"code","email":"a@b.c"}`, `{"email":"x@y.z","method":"code"}`},
		"form-encoded": {encoded, `email=a%40b.c&method=code`, "email=x%40y.z&method=code"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/self-service/recovery?flow="+flowID, nil)
		r.Header.Set("Content-Type", test.contentType)
		f, err := readForm("recovery", r, []byte(test.body))
		if err != nil {
			t.Fatal(err)
		}
		f.setEmail(r, "x@y.z")
		if string(f.body) != test.want || r.ContentLength != int64(len(test.want)) {
			t.Errorf("%s: %s, want %s", about, f.body, test.want)
		}
	}
}

// TestBrowsers_AreKnownForNinetyDays logs in, and comes back later.
func TestBrowsers_AreKnownForNinetyDays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, ada := newBrowsers([]string{"secret"}, true), ratelimit.NewKey("ada@example.org")
		header := http.Header{}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
		b.remember(r, header, knowsPassword, ada)
		r.AddCookie((&http.Response{Header: header}).Cookies()[0])
		time.Sleep(90*24*time.Hour - time.Minute)
		if b.id(r, knowsPassword, ada) == "" {
			t.Error("a browser is forgotten in less than 90 days")
		}
		time.Sleep(2 * time.Minute)
		if b.id(r, knowsPassword, ada) != "" {
			t.Error("a browser is known for more than 90 days")
		}
	})
}

// TestForms_KnownBrowsersShareACount guesses in many browsers that know an account.
func TestForms_KnownBrowsersShareACount(t *testing.T) {
	t.Parallel()
	f, ada := newForms(ratelimit.NewForms(), browsers{}, ""), ratelimit.NewKey("ada@example.org")
	for n := range 30 {
		if _, wait := f.guess(knowsPassword, ada, strconv.Itoa(n)); wait > 0 {
			t.Errorf("guess %d must wait for %s", n+1, wait)
		}
		if notWrong, wait := f.guess(knowsPassword, ada, strconv.Itoa(n)); wait == 0 {
			notWrong()
		} else if n < 29 {
			t.Errorf("a right password after guess %d must wait for %s", n+1, wait)
		}
	}
	if _, wait := f.guess(knowsPassword, ada, "another"); wait == 0 {
		t.Error("guess 31 in browsers that know the account need not wait")
	}
	if _, wait := f.guess(knowsPassword, ada, ""); wait > 0 {
		t.Errorf("a browser that does not know the account must wait for %s", wait)
	}
}

// TestBrowsers_KnowOnlyProvedAccounts gives a browser the cookie of a login and asks what it has proved.
func TestBrowsers_KnowOnlyProvedAccounts(t *testing.T) {
	t.Parallel()
	ada, bob := ratelimit.NewKey("ada@example.org"), ratelimit.NewKey("bob@example.org")
	old, current := newBrowsers([]string{"old-secret"}, true), newBrowsers([]string{"new-secret", "old-secret"}, true)
	request := func(cookies ...*http.Cookie) *http.Request {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		return r
	}
	remember := func(b browsers, r *http.Request, proof string, account ratelimit.Key) *http.Cookie {
		header := http.Header{}
		b.remember(r, header, proof, account)
		cookies := (&http.Response{Header: header}).Cookies()
		if len(cookies) != 1 {
			t.Fatalf("the cookies are %v, want one", cookies)
		}
		return cookies[0]
	}
	cookie := remember(old, request(), knowsPassword, ada)
	if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/.ory/kratos/public" {
		t.Errorf("the cookie is %+v, want it HttpOnly, Secure, Lax and for Kratos's paths", cookie)
	}
	forged := *cookie
	forged.Value = strings.Repeat("A", len(cookie.Value))
	both := remember(old, request(cookie), hasFactor, ada)
	many := cookie
	for n := range 20 {
		many = remember(old, request(many), knowsPassword, ratelimit.NewKey("other", string(rune('a'+n))))
	}
	for about, test := range map[string]struct {
		browsers browsers
		cookie   *http.Cookie
		proof    string
		account  ratelimit.Key
		want     bool
	}{
		"the account":              {old, cookie, knowsPassword, ada, true},
		"another account":          {old, cookie, knowsPassword, bob, false},
		"another proof":            {old, cookie, hasFactor, ada, false},
		"the first of two proofs":  {old, both, knowsPassword, ada, true},
		"the second of two proofs": {old, both, hasFactor, ada, true},
		"after a rotation":         {current, cookie, knowsPassword, ada, true},
		"before a rotation":        {old, remember(current, request(), knowsPassword, ada), knowsPassword, ada, false},
		"a forged cookie":          {old, &forged, knowsPassword, ada, false},
		"after twenty others":      {old, many, knowsPassword, ada, false},
		"the last of twenty":       {old, many, knowsPassword, ratelimit.NewKey("other", "t"), true},
		"no secret":                {newBrowsers([]string{""}, true), cookie, knowsPassword, ada, false},
		"nonsense":                 {old, &http.Cookie{Name: browserCookie, Value: "!"}, knowsPassword, ada, false},
	} {
		if got := test.browsers.id(request(test.cookie), test.proof, test.account) != ""; got != test.want {
			t.Errorf("%s: the browser is recognized: %t, want %t", about, got, test.want)
		}
	}
	if got := len(many.Value); got > 310 {
		t.Errorf("after twenty accounts the cookie has %d characters", got)
	}
}

func TestLeaves_AreOnAPace(t *testing.T) {
	t.Parallel()
	began := time.Now()
	for took, want := range map[time.Duration]time.Duration{
		0: pace, time.Millisecond: pace, pace - 1: pace, pace: 2 * pace, 3*pace + 1: 4 * pace,
	} {
		if got := leaves(began, began.Add(took)).Sub(began); got != want {
			t.Errorf("an answer that takes %s leaves after %s, want %s", took, got, want)
		}
	}
}

func TestMessages_AreDocumented(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../../../docs/identity.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []formMessage{tooManyGuesses(), tooManyMails()} {
		if line := fmt.Sprintf("| `%d` | the form | %s ", m.ID, m.Text); !strings.Contains(string(document), line) {
			t.Errorf("docs/identity.md does not say %q", line)
		}
	}
}
