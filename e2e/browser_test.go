package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/config"
)

func TestBrowser_Switches(t *testing.T) {
	t.Parallel()
	const document = "text/html; charset=utf-8"
	with := func(change func(*config.Config)) *harness.Server {
		c := env.Config
		change(&c)
		return env.StartServer(t, c)
	}
	servers := map[string]*harness.Server{
		"all":           env.Server,
		"no pages":      with(func(c *config.Config) { c.Listen.Pages = false }),
		"no playground": with(func(c *config.Config) { c.Listen.Playground = false }),
		"no proxy":      with(func(c *config.Config) { c.Kratos.Proxy = false }),
	}
	for _, test := range []struct {
		server, method, path string
		status               int
		contentType          string // empty: any other than that of a document
	}{
		{"all", "GET", "/", 200, document},
		{"all", "GET", "/cats/1", 200, document},
		{"all", "HEAD", "/cats", 200, document},
		{"all", "GET", "/assets/missing.js", 404, ""},
		{"all", "GET", "/playground", 200, document},
		{"all", "GET", "/playground/", 200, document},
		{"all", "GET", "/playground/assets/missing.js", 404, ""},
		{"all", "GET", "/graphql?query=%7B__typename%7D", 200, ""},
		{"all", "POST", "/graphql", 415, ""},
		{"all", "GET", "/graphql/cats", 404, document},
		{"all", "GET", "/health/alive", 200, ""},
		{"all", "GET", "/health/ready", 200, ""},
		{"all", "POST", "/health/alive", 405, ""},
		{"all", "POST", "/cats", 405, ""},
		{"all", "POST", "/playground", 405, ""},
		{"all", "GET", "/.ory/kratos/public/sessions/whoami", 401, ""},
		{"all", "GET", "/.ory/kratos/public/admin/identities", 404, ""},
		{"all", "GET", "/.ory/kratos/public/metrics/prometheus", 404, ""},
		{"all", "GET", "/.ory/kratos/admin/identities", 404, ""},
		{"all", "GET", "/metrics", 404, document},
		{"all", "POST", "/webhooks/kratos/login", 404, ""},
		{"no pages", "GET", "/", 404, ""},
		{"no pages", "GET", "/cats", 404, ""},
		{"no pages", "GET", "/playground", 200, document},
		{"no pages", "POST", "/health/alive", 405, ""},
		{"no pages", "GET", "/.ory/kratos/public/sessions/whoami", 401, ""},
		{"no playground", "GET", "/", 200, document},
		{"no playground", "GET", "/playground", 404, document},
		{"no playground", "GET", "/playground/assets/missing.js", 404, ""},
		{"no proxy", "GET", "/", 200, document},
		{"no proxy", "GET", "/.ory/kratos/public/sessions/whoami", 404, ""},
	} {
		request, err := http.NewRequestWithContext(t.Context(), test.method, servers[test.server].URL+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", "text/html,*/*;q=0.8")
		if strings.HasPrefix(test.path, "/graphql?") {
			request.Header.Set("Accept", "application/json")
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
		contentType := response.Header.Get("Content-Type")
		if response.StatusCode != test.status || (contentType == document) != (test.contentType == document) {
			t.Errorf("%s: %s %s: %s %s, want %d %s", test.server, test.method, test.path, response.Status, contentType, test.status, test.contentType)
		}
		policy := response.Header.Get("Content-Security-Policy")
		if contentType == document && (!strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe")) {
			t.Errorf("%s: %s: the policy is %q", test.server, test.path, policy)
		}
	}
}

// TestBrowser_LoadsWhatTheDocumentNames follows the document to its scripts and styles.
func TestBrowser_LoadsWhatTheDocumentNames(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", "/playground"} {
		_, document := env.Get(t, path)
		found := regexp.MustCompile(`(?:src|href)="(/[^"]+)"`).FindAllStringSubmatch(document, -1)
		if len(found) == 0 {
			t.Errorf("the document of %s loads nothing: %s", path, document)
		}
		for _, match := range found {
			response := env.NewBrowser(t).Open(t, env.URL+match[1])
			if response.StatusCode != http.StatusOK {
				t.Errorf("%s loads %s: %s", path, match[1], response.Status)
			}
			if cache := response.Header.Get("Cache-Control"); strings.Contains(match[1], "/assets/") && !strings.Contains(cache, "immutable") {
				t.Errorf("%s: Cache-Control %q, want immutable", match[1], cache)
			}
		}
	}
}

// TestBrowser_SignUpToLogout does all that a person does with an account, by the proxy.
func TestBrowser_SignUpToLogout(t *testing.T) {
	t.Parallel()
	browser, email := env.NewBrowser(t), harness.NewEmail()
	onOrigin := func(what, address string) {
		t.Helper()
		if !strings.HasPrefix(address, env.URL+"/") {
			t.Errorf("%s is %q, want an address on the origin %s", what, address, env.URL)
		}
	}

	registration := browser.OpenFlow(t, "registration/browser")
	onOrigin("the action of the registration", registration.UI.Action)
	registered := browser.Submit(t, registration, harness.SignUpForm(email, "Ada"))
	if registered.Status != http.StatusOK {
		t.Fatalf("the sign-up is refused: %s", registered.Problems())
	}
	i := slices.IndexFunc(registered.ContinueWith, func(next harness.ContinueWith) bool { return next.Action == "show_verification_ui" })
	if i < 0 {
		t.Fatalf("after the sign-up Kratos continues with %+v, want the verification", registered.ContinueWith)
	}
	next := registered.ContinueWith[i].Flow
	onOrigin("the page of the verification", next.URL)

	var verification harness.Flow
	if status := browser.Call(t, http.MethodGet, "self-service/verification/flows?id="+next.ID, nil, &verification); status != http.StatusOK {
		t.Fatalf("the flow of the verification: %d", status)
	}
	verified := browser.Submit(t, verification, map[string]any{"method": "code", "code": env.AwaitVerificationCode(t, email, next.ID)})
	if verified.State != "passed_challenge" {
		t.Fatalf("after the code of the mail the state is %q: %s", verified.State, verified.Problems())
	}

	login := browser.OpenFlow(t, "login/browser")
	if refused := browser.Submit(t, login, map[string]any{"method": "password", "identifier": email, "password": "wrong-" + harness.Password}); refused.Status != http.StatusBadRequest {
		t.Errorf("the login with a wrong password: %d, want 400", refused.Status)
	}
	if browser.Cookie() != "" {
		t.Error("there is a session after a wrong password")
	}
	browser.Login(t, email)
	if got := browser.Query(t, `{ me { email } }`); !strings.Contains(string(got.Data), email) {
		t.Errorf("me with the cookie of the proxy: %s %s, want %s", got.Code(), got.Data, email)
	}

	var logout struct {
		LogoutURL string `json:"logout_url"`
	}
	browser.Call(t, http.MethodGet, "self-service/logout/browser", nil, &logout)
	onOrigin("the address of the logout", logout.LogoutURL)
	session := http.Header{"Cookie": {browser.Cookie()}}
	out := browser.Open(t, logout.LogoutURL)
	if out.StatusCode != http.StatusSeeOther {
		t.Errorf("the logout answers %s, want a redirect", out.Status)
	}
	if got := browser.Query(t, `{ me { email } }`).Code(); got != "UNAUTHENTICATED" {
		t.Errorf("me after the logout: %s, want UNAUTHENTICATED", got)
	}
	if got := env.QueryWithHeader(t, session, `{ me { email } }`, nil).Code(); got != "UNAUTHENTICATED" {
		t.Errorf("me with a copy of the cookie, after the logout: %s, want UNAUTHENTICATED at once", got)
	}
}

func TestBrowser_FormOfAnotherSite(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	browser := env.NewBrowser(t)
	flow := browser.OpenFlow(t, "login/browser")
	flow.UI.Nodes = nil // Another site does not know the token.
	refused := browser.Submit(t, flow, map[string]any{"method": "password", "identifier": ada.Email, "password": harness.Password})
	if refused.Status != http.StatusForbidden || refused.Error.ID != "security_csrf_violation" {
		t.Errorf("a login without the token of the form: %d %+v, want 403 security_csrf_violation", refused.Status, refused.Error)
	}
}

// TestBrowser_Redirects opens addresses of Kratos as links do: the browser ends at a page.
func TestBrowser_Redirects(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"self-service/login/browser":                                   "/login",
		"self-service/login/browser?refresh=true":                      "/login",
		"self-service/registration/browser":                            "/registration",
		"self-service/recovery/browser":                                "/recovery",
		"self-service/verification/browser":                            "/verification",
		"self-service/settings/browser":                                "/login",
		"self-service/login?flow=00000000-0000-0000-0000-000000000000": "/error",
	} {
		browser := env.NewBrowser(t)
		address, seen := env.KratosURL()+path, []string(nil)
		for range 3 {
			response := browser.Open(t, address)
			location := response.Header.Get("Location")
			if location == "" {
				break
			}
			address = location
			seen = append(seen, address)
		}
		u, err := url.Parse(address)
		if err != nil || !strings.HasPrefix(address, env.URL+"/") || u.Path != want || u.Query().Get("flow")+u.Query().Get("id") == "" {
			t.Errorf("%s leads to %v, want the page %s with an id", path, seen, want)
			continue
		}
		if response := browser.Open(t, address); response.StatusCode != http.StatusOK {
			t.Errorf("the page %s: %s", address, response.Status)
		}
	}
}

func TestBrowser_SessionCookie(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	browser := env.NewBrowser(t)
	browser.Login(t, ada.Email)
	cookie := browser.SessionCookie()
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
		t.Errorf("the session cookie is %+v, want one that scripts cannot read, for this host and for requests from its own pages", cookie)
	}
}

func TestBrowser_KratosUnavailable(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Kratos.PublicURL = harness.UnreachableURL(t)
	server := env.StartServer(t, c)
	var answer struct{ Error struct{ ID, Message string } }
	status := server.NewBrowser(t).Call(t, http.MethodGet, "self-service/login/browser", nil, &answer)
	if status != http.StatusServiceUnavailable || answer.Error.ID != "UNAVAILABLE" {
		t.Errorf("the login while Kratos is unreachable: %d %+v, want 503 UNAVAILABLE", status, answer)
	}
	if status, _ := server.Get(t, "/cats"); status != http.StatusOK {
		t.Errorf("the pages while Kratos is unreachable: %d, want 200", status)
	}
}
