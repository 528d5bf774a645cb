package harness

import (
	"cmp"
	"net/http"
	"net/http/cookiejar"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// Browser uses a server as the pages in a browser do: it keeps cookies, and reaches Kratos
// by the server's proxy.
type Browser struct {
	server  *Server
	client  *http.Client
	cookies map[string]*http.Cookie // as they were last set
	page    string                  // whose page it shows, or empty
}

// ShowPageOf makes the browser send what a page of a member sends, whoever is signed in.
func (b *Browser) ShowPageOf(user uuid.UUID) { b.page = user.String() }

// NewBrowser returns a browser without cookies. It does not follow redirects.
func (s *Server) NewBrowser(t *testing.T) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &Browser{server: s, cookies: map[string]*http.Cookie{}}
	b.client = &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if b.page != "" {
				r = r.Clone(r.Context())
				r.Header.Set(session.ViewerHeader, b.page)
			}
			response, err := cmp.Or(s.transport, http.DefaultTransport).RoundTrip(r)
			if err == nil {
				for _, cookie := range response.Cookies() {
					b.cookies[cookie.Name] = cookie
				}
			}
			return response, err
		}),
	}
	return b
}

// KratosURL is the address of Kratos on the server's origin.
func (s *Server) KratosURL() string { return s.URL + config.ProxyPath }

// OpenFlow creates a flow, for example "login/browser".
func (b *Browser) OpenFlow(t *testing.T, kind string) Flow {
	t.Helper()
	var flow Flow
	if status := b.Call(t, http.MethodGet, "self-service/"+kind, nil, &flow); status != http.StatusOK {
		t.Fatalf("create the flow %s: %d", kind, status)
	}
	return flow
}

// Submit submits the form of a flow with the token that protects it from other sites.
func (b *Browser) Submit(t *testing.T, f Flow, fields map[string]any) FlowResult {
	t.Helper()
	form := map[string]any{}
	for name, value := range fields {
		form[name] = value
	}
	for _, node := range f.UI.Nodes {
		if node.Attributes.Name == "csrf_token" {
			form["csrf_token"] = node.Attributes.Value
		}
	}
	var result FlowResult
	result.Status = callKratos(t, b.client, http.MethodPost, f.UI.Action, "", form, &result)
	return result
}

// Call sends JSON to a path of Kratos, reads JSON into a variable and returns the status of
// the response.
func (b *Browser) Call(t *testing.T, method, path string, body, into any) (status int) {
	t.Helper()
	return callKratos(t, b.client, method, b.server.KratosURL()+path, "", body, into)
}

// Open opens an address as a person does, and returns the response without its body.
func (b *Browser) Open(t *testing.T, address string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	response, err := b.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return response
}

// Login logs in by the form of the pages.
func (b *Browser) Login(t *testing.T, email string) {
	t.Helper()
	if done := b.Submit(t, b.OpenFlow(t, "login/browser"), loginForm(email, Password)); done.Status != http.StatusOK {
		t.Fatalf("log in: %d %s", done.Status, done.Problems())
	}
}

// SessionCookie returns the session cookie as Kratos has set it, or nil.
func (b *Browser) SessionCookie() *http.Cookie {
	return b.cookies[b.server.Config.Kratos.SessionCookie]
}

// Cookie returns the session cookie in the form of a Cookie header, or "" if there is none.
func (b *Browser) Cookie() string {
	if cookie := b.SessionCookie(); cookie != nil {
		return cookie.Name + "=" + cookie.Value
	}
	return ""
}

// Query executes a GraphQL operation with the session of the browser.
func (b *Browser) Query(t *testing.T, query string) Response {
	t.Helper()
	return b.server.QueryWithHeader(t, http.Header{"Cookie": {b.Cookie()}, "Sec-Fetch-Site": {"same-origin"}}, query, nil)
}

// BrowserLogin logs in as a browser does and returns the session cookie in the form of
// a Cookie header.
func (e *Environment) BrowserLogin(t *testing.T, email string) string {
	t.Helper()
	browser := e.NewBrowser(t)
	browser.Login(t, email)
	return browser.Cookie()
}
