package harness

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Proxy is a reverse proxy between a server and one of its services. It counts the
// calls, and a test can intercept them.
type Proxy struct {
	// URL is the address of the proxy, to be configured in place of the service's.
	URL string

	proxy *httputil.ReverseProxy

	mu        sync.Mutex
	calls     map[string]int // by method
	intercept Interceptor
}

// Interceptor may handle a call in place of the service. It returns whether it has; if
// not, the proxy passes the call on.
type Interceptor func(w http.ResponseWriter, r *http.Request, body []byte) (handled bool)

// NewProxy starts a proxy for a service. It passes every call on until Intercept is
// called.
func NewProxy(t *testing.T, service string) *Proxy {
	t.Helper()
	target, err := url.Parse(service)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{proxy: httputil.NewSingleHostReverseProxy(target), calls: map[string]int{}}
	p.URL = Serve(t, p)
	return p
}

// Intercept makes the proxy call the interceptor for every further call.
func (p *Proxy) Intercept(intercept Interceptor) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.intercept = intercept
}

// TakeCalls returns how many calls there were of each HTTP method since it was last
// called.
func (p *Proxy) TakeCalls() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	calls := p.calls
	p.calls = map[string]int{}
	return calls
}

// ServeHTTP counts a call and passes it on, unless the interceptor handles it.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.mu.Lock()
	p.calls[r.Method]++
	intercept := p.intercept
	p.mu.Unlock()
	if intercept != nil && intercept(w, r, body) {
		return
	}
	p.Pass(w, r)
}

// Pass passes a call on to the service. An interceptor uses it to change or delay the
// answer.
func (p *Proxy) Pass(w http.ResponseWriter, r *http.Request) { p.proxy.ServeHTTP(w, r) }

// IsCheck reports whether a call to Keto asks for a permission.
func IsCheck(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/check/openapi") }
