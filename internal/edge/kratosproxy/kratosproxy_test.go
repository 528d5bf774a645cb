package kratosproxy_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/kratosproxy"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/peer"
)

// passed is a request that the proxy has passed on.
type passed struct {
	target string
	header http.Header
	body   string
}

// startKratos starts a server that answers as Kratos would, and records the requests.
func startKratos(t *testing.T, answer http.HandlerFunc) (url string, requests <-chan passed) {
	t.Helper()
	got := make(chan passed, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // The proxy has given up.
		}
		got <- passed{r.RequestURI, r.Header, string(body)}
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

// newProxy returns a proxy for a Kratos.
func newProxy(t *testing.T, kratos string, log io.Writer) http.Handler {
	t.Helper()
	proxy, err := kratosproxy.New(config.Kratos{
		PublicURL: kratos, BrowserURL: "https://catfoster.example/.ory/kratos/public/",
	}, kratosproxy.Options{Log: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "private, no-store") // As the server does.
		proxy.ServeHTTP(w, r)
	})
}

// exchange sends the text of a request to a handler and returns the response. Go's client
// would correct the request.
func exchange(t *testing.T, handler http.Handler, text string) (response *http.Response, body string) {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	var dialer net.Dialer
	connection, err := dialer.DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	if _, err := io.WriteString(connection, text); err != nil {
		t.Fatal(err)
	}
	response, err = http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatalf("read the response to %.80q: %v", text, err)
	}
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(content)
}

// checkRefusal checks an answer that the proxy gives by itself.
func checkRefusal(t *testing.T, about string, response *http.Response, body string, status int, code string) {
	t.Helper()
	var answer struct {
		Error struct {
			ID      string
			Code    int
			Message string
		}
	}
	err := json.Unmarshal([]byte(body), &answer)
	if err != nil || response.StatusCode != status || answer.Error.ID != code || answer.Error.Code != status || answer.Error.Message == "" {
		t.Errorf("%s: %s %s, want the status %d and an error with the id %s", about, response.Status, body, status, code)
	}
	if got := response.Header.Values("Cache-Control"); len(got) != 1 || got[0] != "no-store" {
		t.Errorf("%s: Cache-Control %q, want no-store", about, got)
	}
}

func TestProxy_Paths(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	for path, want := range map[string]string{ // Empty: the path is not passed on.
		"self-service/login/browser":                     "/self-service/login/browser",
		"self-service/login/browser?refresh=true&a=%2F.": "/self-service/login/browser?refresh=true&a=%2F.",
		"sessions":                             "/sessions",
		"sessions/whoami":                      "/sessions/whoami",
		"schemas/bWVtYmVy":                     "/schemas/bWVtYmVy",
		".well-known/ory/webauthn.js":          "/.well-known/ory/webauthn.js",
		"":                                     "",
		"admin/identities":                     "",
		"identities":                           "",
		"metrics/prometheus":                   "",
		"health/ready":                         "",
		"version":                              "",
		"self-serviceX":                        "",
		".well-known/other":                    "",
		".well-known/ory/../../admin":          "",
		"self-service/../admin/identities":     "",
		"self-service/..":                      "",
		"self-service/./login":                 "",
		"self-service//login":                  "",
		"/self-service/login":                  "",
		"self-service/%2e%2e/admin/identities": "",
		"self-service/..%2fadmin/identities":   "",
		"self-service/%2e%2e%2fadmin":          "",
		"self-service%2flogin":                 "",
		"self%2Dservice/login":                 "",
		`self-service\..\admin`:                "",
		"self-service/..%5cadmin":              "",
		"self-service/..;/admin":               "",
		"sessions/%00":                         "",
	} {
		for base, prefix := range map[string]string{kratos: "", kratos + "/prefix/": "/prefix"} {
			response, body := exchange(t, newProxy(t, base, io.Discard), "GET "+config.ProxyPath+path+" HTTP/1.1\r\nHost: app\r\n\r\n")
			got := ""
			select {
			case request := <-requests:
				got = request.target
			default:
			}
			if want == "" {
				checkRefusal(t, path, response, body, http.StatusNotFound, "NOT_FOUND")
			} else {
				want = prefix + want
			}
			if got != want {
				t.Errorf("Kratos at %s gets %q for the path %q, want %q", base, got, path, want)
			}
			want = strings.TrimPrefix(want, prefix)
		}
	}
}

func TestProxy_RequestHeader(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	const body = `{"method":"password"}`
	exchange(t, newProxy(t, kratos, io.Discard), "POST "+config.ProxyPath+"self-service/login?flow=7b3c1c0a-4c0e-4c58-9a3f-3c5d0a7b1e2f HTTP/1.1\r\nHost: evil.example\r\n"+
		"Cookie: ory_kratos_session=s; catfoster_browser=b; theme=dark\r\n"+
		"Accept: application/json\r\nAccept-Language: de\r\nOrigin: https://catfoster.example\r\nUser-Agent: Browser/1\r\n"+
		"Sec-Fetch-Site: same-origin\r\n"+
		// Kratos would believe these.
		"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: gopher\r\nForwarded: for=6.6.6.6\r\n"+
		"True-Client-IP: 6.6.6.6\r\nCf-Connecting-IP: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nCf-Ipcity: Nowhere\r\n"+
		"X-Ory-API-Key: k\r\nX-Kratos-Authenticated-Identity-Id: 1\r\n"+
		// These concern the connection to the proxy.
		"Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nProxy-Authorization: Basic x\r\nUpgrade: websocket\r\n"+
		"Content-Type: application/json\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
	got := <-requests
	if got.body != body {
		t.Errorf("Kratos gets the body %q, want %q", got.body, body)
	}
	want := http.Header{
		"Cookie": {"ory_kratos_session=s; theme=dark"},
		"Accept": {"application/json"}, "Accept-Language": {"de"}, "Origin": {"https://catfoster.example"}, "User-Agent": {"Browser/1"},
		"Sec-Fetch-Site": {"same-origin"}, "Content-Type": {"application/json"}, "Content-Length": {strconv.Itoa(len(body))},
		"X-Forwarded-For": {"127.0.0.1"}, "X-Forwarded-Host": {"catfoster.example"}, "X-Forwarded-Proto": {"https"},
		"Accept-Encoding": {"gzip"}, // Added by Go's transport, which undoes it.
	}
	if diff := cmp.Diff(want, got.header); diff != "" {
		t.Errorf("the header that Kratos gets (-want +got):\n%s", diff)
	}
}

// TestProxy_Preflight asks as browsers do before a page of another origin sends a form or ends sessions. It is no form.
func TestProxy_Preflight(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	proxy, err := kratosproxy.New(config.Kratos{PublicURL: kratos}, kratosproxy.Options{
		Allow: func(*http.Request) error { return apperr.ErrForbidden }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"self-service/login?flow=7b3c1c0a-4c0e-4c58-9a3f-3c5d0a7b1e2f", "sessions"} {
		response, body := exchange(t, proxy, "OPTIONS "+config.ProxyPath+path+" HTTP/1.1\r\nHost: app\r\nOrigin: https://app.example\r\n"+
			"Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type,x-session-token\r\n\r\n")
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s, want the answer of Kratos", path, response.StatusCode, body)
			continue
		}
		got := (<-requests).header
		if method, fields := got.Get("Access-Control-Request-Method"), got.Get("Access-Control-Request-Headers"); method != "POST" || fields != "content-type,x-session-token" {
			t.Errorf("%s: Kratos is asked about %q with %q", path, method, fields)
		}
	}
}

// TestProxy_OneCredential sends sessions of one kind and of two. Kratos passes over a cookie that it cannot decode, and we
// would not.
func TestProxy_OneCredential(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	proxy, err := kratosproxy.New(config.Kratos{PublicURL: kratos, SessionCookie: "session"}, kratosproxy.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	const token, bearer, cookie = "X-Session-Token: t\r\n", "Authorization: Bearer b\r\n", "Cookie: session=s\r\n"
	for header, want := range map[string]int{
		"": http.StatusOK, token: http.StatusOK, bearer: http.StatusOK, cookie: http.StatusOK,
		token + bearer: http.StatusBadRequest, token + cookie: http.StatusBadRequest, cookie + bearer: http.StatusBadRequest,
		"Cookie: session=a; session=b\r\n": http.StatusBadRequest, token + token: http.StatusBadRequest,
	} {
		for _, path := range []string{"self-service/login", "sessions"} {
			response, body := exchange(t, proxy, "POST "+config.ProxyPath+path+" HTTP/1.1\r\nHost: app\r\nContent-Length: 0\r\n"+header+"\r\n")
			if want != http.StatusOK {
				checkRefusal(t, path+" with "+header, response, body, want, "BAD_USER_INPUT")
				continue
			}
			got := <-requests
			name, value, _ := strings.Cut(strings.TrimSpace(header), ": ")
			if response.StatusCode != want || got.header.Get(name) != value {
				t.Errorf("%s with %q: %s, and Kratos gets %v", path, header, response.Status, got.header)
			}
		}
	}
	if len(requests) > 0 {
		t.Error("Kratos gets a request with two sessions")
	}
}

// TestProxy_Open opens forms like pages. Kratos gets the code of a link only for the flow of a browser, which nobody else can
// read. The production failure: who had begun the flow of an app read the code after the owner of the mailbox had clicked.
func TestProxy_Open(t *testing.T) {
	t.Parallel()
	const link = "verification?code=123456&flow=7b3c1c0a-4c0e-4c58-9a3f-3c5d0a7b1e2f"
	for about, test := range map[string]struct {
		path     string
		flow     int // how Kratos answers a stranger who asks for the flow
		status   int
		location string
	}{
		"a link for a browser":       {link, http.StatusForbidden, http.StatusOK, ""},
		"a link for an app":          {link, http.StatusOK, http.StatusSeeOther, "verification/browser"},
		"a link that is no more":     {link, http.StatusNotFound, http.StatusSeeOther, "verification/browser"},
		"Kratos fails":               {link, http.StatusInternalServerError, http.StatusServiceUnavailable, ""},
		"two flows":                  {link + "&flow=x", http.StatusForbidden, http.StatusSeeOther, "verification/browser"},
		"a form by GET":              {"verification?flow=x&method=code&email=a@b.c", http.StatusForbidden, http.StatusSeeOther, "verification/browser"},
		"a recovery with a code":     {"recovery?code=123456&flow=x", http.StatusForbidden, http.StatusSeeOther, "recovery/browser"},
		"a change that is continued": {"settings?flow=x&method=profile", http.StatusForbidden, http.StatusOK, ""},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			kratos, requests := startKratos(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/flows") {
					w.WriteHeader(test.flow)
				}
			})
			response, body := exchange(t, newProxy(t, kratos, io.Discard), "GET "+config.ProxyPath+"self-service/"+test.path+" HTTP/1.1\r\nHost: app\r\nCookie: csrf=x\r\n\r\n")
			location := strings.TrimPrefix(response.Header.Get("Location"), config.ProxyPath+"self-service/")
			if response.StatusCode != test.status || location != test.location {
				t.Errorf("the answer is %s to %q %s, want %d to %q", response.Status, location, body, test.status, test.location)
			}
			for len(requests) > 0 {
				got := <-requests
				if asks := strings.Contains(got.target, "/flows?"); asks && got.header.Get("Cookie") != "" || !asks && test.status != http.StatusOK {
					t.Errorf("Kratos gets %s with the cookies %q", got.target, got.header.Get("Cookie"))
				}
			}
		})
	}
}

// TestProxy_ClientAddress puts another proxy in front, with an address on the loopback interface.
func TestProxy_ClientAddress(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	for about, test := range map[string]struct {
		trusted []string
		want    string
	}{
		"a trusted proxy": {[]string{"127.0.0.0/8"}, "203.0.113.7"},
		"anybody":         {nil, "127.0.0.1"},
		"another proxy":   {[]string{"10.0.0.0/8"}, "127.0.0.1"},
	} {
		handler, err := peer.Middleware(test.trusted, newProxy(t, kratos, io.Discard))
		if err != nil {
			t.Fatal(err)
		}
		exchange(t, handler, "GET "+config.ProxyPath+"sessions/whoami HTTP/1.1\r\nHost: app\r\n"+
			"X-Forwarded-For: 6.6.6.6, 203.0.113.7\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\n\r\n")
		header := (<-requests).header
		if got := header.Values("X-Forwarded-For"); len(got) != 1 || got[0] != test.want {
			t.Errorf("%s: Kratos gets the address %q, want %s", about, got, test.want)
		}
		for _, name := range []string{"Forwarded", "X-Real-Ip"} {
			if header.Get(name) != "" {
				t.Errorf("%s: Kratos gets the field %s, which anybody may set", about, name)
			}
		}
	}
}

func TestProxy_Response(t *testing.T) {
	t.Parallel()
	for about, test := range map[string]struct {
		answer http.HandlerFunc
		status int
		header http.Header // fields that the answer must have
		body   string
	}{
		"cookies and a redirect": {
			func(w http.ResponseWriter, _ *http.Request) {
				http.SetCookie(w, &http.Cookie{Name: "a", Value: "1", HttpOnly: true})
				http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
				w.Header().Set("Location", "https://catfoster.example/login?flow=1")
				w.WriteHeader(http.StatusSeeOther)
			},
			http.StatusSeeOther,
			http.Header{
				"Set-Cookie": {"a=1; HttpOnly", "b=2"}, "Location": {"https://catfoster.example/login?flow=1"},
				"Cache-Control": {"private, no-store"},
			}, "",
		},
		"an answer with a rule for caches": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Cache-Control", "no-cache")
				_, _ = io.WriteString(w, "{}")
			},
			http.StatusOK, http.Header{"Cache-Control": {"no-cache"}}, "{}",
		},
		"an error of Kratos's": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusInternalServerError)
				_, _ = io.WriteString(w, `{"error":{"code":500}}`)
			},
			http.StatusInternalServerError, nil, `{"error":{"code":500}}`,
		},
		"fields of the connection": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Connection", "X-Hop")
				w.Header().Set("X-Hop", "1")
				w.Header().Set("Keep-Alive", "timeout=5")
			},
			http.StatusOK, http.Header{"X-Hop": nil, "Keep-Alive": nil}, "",
		},
	} {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			kratos, _ := startKratos(t, test.answer)
			response, body := exchange(t, newProxy(t, kratos, io.Discard), "GET "+config.ProxyPath+"sessions/whoami HTTP/1.1\r\nHost: app\r\n\r\n")
			if response.StatusCode != test.status || body != test.body {
				t.Errorf("the answer is %s %q, want %d %q", response.Status, body, test.status, test.body)
			}
			for name, want := range test.header {
				if diff := cmp.Diff(want, response.Header[name]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		})
	}
}

func TestProxy_LimitsBody(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	const limit = 64 << 10
	target := "POST " + config.ProxyPath + "self-service/login HTTP/1.1\r\nHost: app\r\n"
	chunk := func(n int) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", n, strings.Repeat("x", n)) }
	for about, test := range map[string]struct {
		rest   string
		status int
	}{
		"the largest form":               {fmt.Sprintf("Content-Length: %d\r\n\r\n%s", limit, strings.Repeat("x", limit)), http.StatusOK},
		"a form that is too large":       {fmt.Sprintf("Content-Length: %d\r\n\r\n", limit+1), http.StatusRequestEntityTooLarge},
		"the largest form in chunks":     {"Transfer-Encoding: chunked\r\n\r\n" + chunk(limit), http.StatusOK},
		"a form too large in chunks":     {"Transfer-Encoding: chunked\r\n\r\n" + chunk(limit+1), http.StatusRequestEntityTooLarge},
		"a form far too large in chunks": {"Transfer-Encoding: chunked\r\n\r\n" + chunk(10*limit), http.StatusRequestEntityTooLarge},
	} {
		response, body := exchange(t, newProxy(t, kratos, io.Discard), target+test.rest)
		if test.status != http.StatusOK {
			checkRefusal(t, about, response, body, test.status, "BAD_USER_INPUT")
		} else if got := len((<-requests).body); response.StatusCode != http.StatusOK || got != limit {
			t.Errorf("%s: %s, and Kratos gets %d bytes, want all %d", about, response.Status, got, limit)
		}
	}
	if len(requests) > 0 {
		t.Error("Kratos gets a form that is too large")
	}
}

func TestProxy_Unavailable(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	garbage, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer garbage.Close()
	go func() {
		for {
			connection, err := garbage.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(connection, "SSH-2.0-OpenSSH_9.2\r\n\r\n")
			_ = connection.Close()
		}
	}()
	for about, kratos := range map[string]string{
		"nobody listens":       closed.URL,
		"it is another server": "http://" + garbage.Addr().String(),
	} {
		var log bytes.Buffer
		response, body := exchange(t, newProxy(t, kratos, &log), "GET "+config.ProxyPath+"sessions/whoami?secret=1 HTTP/1.1\r\nHost: app\r\n\r\n")
		checkRefusal(t, about, response, body, http.StatusServiceUnavailable, "UNAVAILABLE")
		if address := strings.TrimPrefix(kratos, "http://"); strings.Contains(body, address) {
			t.Errorf("%s: the answer contains Kratos's address: %s", about, body)
		}
		if !strings.Contains(log.String(), "Ory Kratos cannot be reached") || strings.Contains(log.String(), "secret") {
			t.Errorf("%s: the log is %q, want the reason without the query", about, log.String())
		}
	}
}

func TestProxy_Deadline(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	kratos, _ := startKratos(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	proxy := newProxy(t, kratos, io.Discard)
	late := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 1)
		defer cancel()
		proxy.ServeHTTP(w, r.WithContext(ctx))
	})
	response, body := exchange(t, late, "GET "+config.ProxyPath+"sessions/whoami HTTP/1.1\r\nHost: app\r\n\r\n")
	checkRefusal(t, "after the deadline", response, body, http.StatusServiceUnavailable, "UNAVAILABLE")
}

func TestNew_RefusesAddresses(t *testing.T) {
	t.Parallel()
	for _, c := range []config.Kratos{{PublicURL: "http://a:b"}, {PublicURL: "http://kratos", BrowserURL: "http://%zz"}} {
		if _, err := kratosproxy.New(c, kratosproxy.Options{Log: slog.New(slog.DiscardHandler)}); err == nil {
			t.Errorf("New accepts %+v", c)
		}
	}
}

// TestProxy_BodyFirst sends a form in two parts, and a body with a GET. Kratos is called when the
// form is complete, and gets no body that it does not need.
func TestProxy_BodyFirst(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	proxy := newProxy(t, kratos, io.Discard)
	first, form := io.Pipe()
	answered := make(chan int, 1)
	go func() {
		response := httptest.NewRecorder()
		proxy.ServeHTTP(response, httptest.NewRequestWithContext(t.Context(), http.MethodPost, config.ProxyPath+"self-service/login", first))
		answered <- response.Code
	}()
	_, _ = io.WriteString(form, "password=") // It returns when the proxy has read it.
	if n := len(requests); n != 0 {
		t.Errorf("Kratos gets %d requests before the form is complete", n)
	}
	_, _ = io.WriteString(form, "secret")
	_ = form.Close()
	if status := <-answered; status != http.StatusOK {
		t.Errorf("the answer is %d, want 200", status)
	}
	if got := (<-requests).body; got != "password=secret" {
		t.Errorf("Kratos gets the form %q", got)
	}
	response := httptest.NewRecorder()
	proxy.ServeHTTP(response, httptest.NewRequestWithContext(t.Context(), http.MethodGet, config.ProxyPath+"sessions/whoami", strings.NewReader("a body")))
	if got := (<-requests).body; got != "" || response.Code != http.StatusOK {
		t.Errorf("Kratos gets the body %q with a GET, and the answer is %d", got, response.Code)
	}
}

func TestProxy_RefusesWhatIsNotAllowed(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	for about, test := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"no session":             {apperr.ErrUnauthenticated, http.StatusUnauthorized, "UNAUTHENTICATED"},
		"without second factor":  {&apperr.Error{Code: apperr.SecondFactorRequired, Message: "use it"}, http.StatusForbidden, "SECOND_FACTOR_REQUIRED"},
		"Kratos does not answer": {apperr.NewUnavailable(nil), http.StatusServiceUnavailable, "UNAVAILABLE"},
		"another error":          {errors.New("secret"), http.StatusServiceUnavailable, "UNAVAILABLE"},
	} {
		proxy, err := kratosproxy.New(config.Kratos{PublicURL: kratos}, kratosproxy.Options{
			Allow: func(*http.Request) error { return test.err }, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		response, body := exchange(t, proxy, "GET "+config.ProxyPath+"sessions HTTP/1.1\r\nHost: app\r\n\r\n")
		checkRefusal(t, about, response, body, test.status, test.code)
		if len(requests) > 0 || strings.Contains(body, "secret") {
			t.Errorf("%s: Kratos gets %d requests, the browser %s; want nothing of either", about, len(requests), body)
		}
	}
}

// TestProxy_SlowFormCountsWhenItIsThere begins a form, and sends another one. The production failure: many forms that are
// begun in time arrive at once.
func TestProxy_SlowFormCountsWhenItIsThere(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	proxy, err := kratosproxy.New(config.Kratos{PublicURL: kratos}, kratosproxy.Options{
		Limiter: ratelimit.NewLimiter(config.RateLimit{Points: 1, Anonymous: 1, Burst: 1500, InFlight: 2}), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func(body io.Reader) int {
		response := httptest.NewRecorder()
		proxy.ServeHTTP(response, httptest.NewRequestWithContext(t.Context(), http.MethodPost, config.ProxyPath+"self-service/login", body))
		return response.Code
	}
	body, slow := io.Pipe()
	answered := make(chan int, 1)
	go func() { answered <- send(body) }()
	_, _ = io.WriteString(slow, "{") // It returns when the proxy has read it.
	if got := send(strings.NewReader("{}")); got != http.StatusOK {
		t.Errorf("a form beside one that has not arrived: %d, want 200", got)
	}
	_, _ = io.WriteString(slow, "}")
	_ = slow.Close()
	if got := <-answered; got != http.StatusTooManyRequests {
		t.Errorf("the slow form, after its network has sent another: %d, want 429", got)
	}
	if n := len(requests); n != 1 {
		t.Errorf("Kratos gets %d forms, want one", n)
	}
}

// TestProxy_RateLimit sends forms until the network is refused. Kratos does not get the others.
func TestProxy_RateLimit(t *testing.T) {
	t.Parallel()
	kratos, requests := startKratos(t, nil)
	proxy, err := kratosproxy.New(config.Kratos{PublicURL: kratos}, kratosproxy.Options{
		Limiter: ratelimit.NewLimiter(config.RateLimit{Points: 1, Anonymous: 1, Burst: 5000, InFlight: 1}), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	send := func(method string) *httptest.ResponseRecorder {
		response := httptest.NewRecorder()
		proxy.ServeHTTP(response, httptest.NewRequestWithContext(t.Context(), method, config.ProxyPath+"self-service/login", strings.NewReader("{}")))
		return response
	}
	for range 4 {
		if got := send(http.MethodPost).Code; got != http.StatusOK {
			t.Errorf("a form: %d, want 200", got)
		}
	}
	for range 20 {
		send(http.MethodGet)
		for len(requests) > 0 {
			<-requests
		}
	}
	refused := send(http.MethodPost)
	if !strings.Contains(refused.Body.String(), `"id":"RATE_LIMITED"`) || refused.Code != http.StatusTooManyRequests || refused.Header().Get("Retry-After") == "" {
		t.Errorf("one form too many: %d, %v, %s, want 429, RATE_LIMITED and Retry-After", refused.Code, refused.Header(), refused.Body)
	}
	if n := len(requests); n != 0 {
		t.Errorf("Kratos got %d requests that were refused", n)
	}
}
