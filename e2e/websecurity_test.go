package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/platform/config"
)

type publicRequest struct {
	about, method, path string
	header              http.Header
	body                string
	status              int
	document            bool
}

// publicRequests are requests of the public listener, one for each kind of answer.
func publicRequests() []publicRequest {
	return []publicRequest{
		{"data", "POST", "/graphql", http.Header{"Content-Type": {"application/json"}}, `{"query": "{ __typename }"}`, 200, false},
		{"an error of GraphQL", "POST", "/graphql", http.Header{"Content-Type": {"application/json"}}, `{"query": "{ me { id } }"}`, 200, false},
		{"a query by GET", "GET", "/graphql?query=%7B__typename%7D", nil, "", 200, false},
		{"a body that is no JSON", "POST", "/graphql", http.Header{"Content-Type": {"application/json"}}, `{`, 400, false},
		{"a body of another type", "POST", "/graphql", http.Header{"Content-Type": {"text/plain"}}, `{`, 415, false},
		{"a method that is not allowed", "DELETE", "/graphql", nil, "", 405, false},
		{"a page of another site", "POST", "/graphql", http.Header{"Origin": {"https://evil.example"}}, "{}", 403, false},
		{"an image of a page", "GET", "/graphql?query=%7B__typename%7D", http.Header{"Sec-Fetch-Site": {"same-origin"}, "Sec-Fetch-Mode": {"no-cors"}}, "", 403, false},
		{"a preflight request", "OPTIONS", "/graphql", http.Header{"Origin": {harness.FrontendOrigin}, "Access-Control-Request-Method": {"POST"}}, "", 204, false},
		{"OPTIONS without CORS", "OPTIONS", "/graphql", nil, "", 405, false},
		{"the first page", "GET", "/", http.Header{"Accept": {"text/html"}}, "", 200, true},
		{"a page that does not exist", "GET", "/dogs", http.Header{"Accept": {"text/html"}}, "", 404, true},
		{"a script that does not exist", "GET", "/assets/missing.js", nil, "", 404, true},
		{"a form sent to a page", "POST", "/cats", nil, "", 405, true},
		{"the playground", "GET", "/playground", nil, "", 200, true},
		{"a path that is not clean", "GET", "//cats", nil, "", 307, false},
		{"another name of the machine", "GET", "/cats", http.Header{"Host": {"localhost"}, "Sec-Fetch-Mode": {"navigate"}}, "", 307, false},
		{"Kratos, JSON", "GET", config.ProxyPath + "self-service/login/api", nil, "", 200, false},
		{"Kratos, an error", "GET", config.ProxyPath + "sessions/whoami", nil, "", 401, false},
		{"Kratos, a redirect", "GET", config.ProxyPath + "self-service/login/browser", http.Header{"Accept": {"text/html"}}, "", 303, false},
		{"Kratos, nothing for browsers", "GET", config.ProxyPath + "admin/identities", nil, "", 404, false},
		{"a photo without a session", "GET", "/photos/0198c2f4-6d3a-7bce-9d0f-3f2a1b4c5d6e/card.jpg", nil, "", 401, false},
		{"an upload without a session", "POST", "/photos", nil, "x", 401, false},
		{"an upload from another site", "POST", "/photos", http.Header{"Origin": {"https://evil.example"}}, "x", 403, false},
		{"a preflight request for an upload", "OPTIONS", "/photos", http.Header{"Origin": {harness.FrontendOrigin}, "Access-Control-Request-Method": {"POST"}}, "", 204, false},
		{"liveness", "GET", "/health/alive", nil, "", 200, false},
		{"readiness", "GET", "/health/ready", nil, "", 200, false},
		{"a change of the health", "POST", "/health/ready", nil, "", 405, false},
		{"another host", "GET", "/", http.Header{"Host": {"evil.example"}}, "", 421, false},
	}
}

// TestWebsecurity_Headers checks the header fields for browsers in every kind of answer.
func TestWebsecurity_Headers(t *testing.T) {
	t.Parallel()
	for _, test := range publicRequests() {
		response := exchange(t, env.URL, test.method, test.path, test.header, test.body)
		if response.StatusCode != test.status {
			t.Errorf("%s: %s, want %d", test.about, response.Status, test.status)
		}
		policy := "default-src 'none'; frame-ancestors 'none'"
		if test.document {
			policy = response.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'none'; script-src 'self';") || !strings.Contains(policy, "frame-ancestors 'none'") {
				t.Errorf("%s: the policy is %q", test.about, policy)
			}
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := response.Header.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s: %q, want %q once", test.about, name, got, want)
			}
		}
		if got := response.Header.Get("Strict-Transport-Security"); got != "" {
			t.Errorf("%s: a server without HTTPS demands it: %s", test.about, got)
		}
	}
	checkAsterisk(t)
	script := exchange(t, env.URL, http.MethodGet, config.ProxyPath+".well-known/ory/webauthn.js", nil, "")
	if got := script.Header.Values("Cross-Origin-Resource-Policy"); script.StatusCode != http.StatusOK || len(got) != 1 || got[0] != "cross-origin" {
		t.Errorf("Kratos's script, which frontends of other origins load: %s, Cross-Origin-Resource-Policy %q", script.Status, got)
	}
}

// checkAsterisk asks what the server can do at all, which Go's server would answer by itself.
func checkAsterisk(t *testing.T) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, env.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.URL.Opaque = "*"
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if got := response.Header.Get("X-Content-Type-Options"); response.StatusCode < 400 || got != "nosniff" {
		t.Errorf("OPTIONS *: %s, X-Content-Type-Options %q, want a refusal with nosniff", response.Status, got)
	}
}

// TestWebsecurity_OtherHosts sends the same requests for another host, as a browser does after
// a site has let its name point to the server.
func TestWebsecurity_OtherHosts(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	cookie := env.BrowserLogin(t, ada.Email)
	for _, test := range publicRequests() {
		header := test.header.Clone()
		if header == nil {
			header = http.Header{}
		}
		header.Set("Host", "evil.example:8080")
		header.Set("Cookie", cookie)
		want := http.StatusMisdirectedRequest
		if strings.HasPrefix(test.path, "/health/") {
			want = test.status // Probes call by any address.
		}
		response := exchange(t, env.URL, test.method, test.path, header, test.body)
		if response.StatusCode != want {
			t.Errorf("%s for another host: %s, want %d", test.about, response.Status, want)
		}
	}

	c := env.Config
	c.Listen.AllowedHosts = []string{"cats.example"}
	c.Kratos.BrowserURL = "https://community.example" + config.ProxyPath
	server := env.StartServer(t, c)
	for host, want := range map[string]int{
		"cats.example": 200, "CATS.example:8443": 200, "community.example": 200, "127.0.0.1": 200, "localhost:1": 200, "other.example": 421,
	} {
		response := exchange(t, server.URL, http.MethodGet, "/graphql?query=%7B__typename%7D", http.Header{"Host": {host}}, "")
		if response.StatusCode != want {
			t.Errorf("%s: %s, want %d", host, response.Status, want)
		}
		demands := response.Header.Get("Strict-Transport-Security") != ""
		if demands != (host == "community.example") {
			t.Errorf("%s: the answer demands HTTPS: %t", host, demands)
		}
	}
}

// TestWebsecurity_InternalListener is about a site whose name points to the loopback interface.
func TestWebsecurity_InternalListener(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{"/metrics": 421, "/debug/pprof/": 421, "/webhooks/kratos/login": 401} {
		response := exchange(t, env.InternalURL, http.MethodGet, path, http.Header{"Host": {"evil.example"}}, "")
		if response.StatusCode != want {
			t.Errorf("%s for another host: %s, want %d", path, response.Status, want)
		}
	}
}

// exchange sends a request, without following redirects, and returns the response. The field
// Host of the header is the host that the request is for.
func exchange(t *testing.T, url, method, path string, header http.Header, body string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		request.Header = header.Clone()
	}
	if host := header.Get("Host"); host != "" {
		request.Host = host
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response
}
