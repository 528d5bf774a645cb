package accesslog_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/catfoster/catfoster/internal/edge/accesslog"
)

const secret = "ada@example.org"

// newMux returns routes as those of the public listener.
func newMux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/graphql", func(w http.ResponseWriter, r *http.Request) {
		accesslog.Describe(r.Context(), accesslog.Operation{
			Name: "Me", Type: "query", User: uuid.MustParse("11111111-1111-4111-8111-111111111111"), Cost: 7, Codes: []string{"FORBIDDEN", "NOT_FOUND"},
		})
		_, _ = io.WriteString(w, "four")
	})
	mux.HandleFunc("/.ory/kratos/public/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusSeeOther) })
	mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/health/ready", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	return mux
}

// request sends a request that is full of what no log may contain.
func request(t *testing.T, handler http.Handler, method, path string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path+"?token="+secret, strings.NewReader(secret))
	r.RemoteAddr = "192.0.2.77:80"
	for _, name := range []string{"Cookie", "Authorization", "User-Agent", "X-Forwarded-For", "Referer"} {
		r.Header.Set(name, secret)
	}
	defer func() { _ = recover() }()
	handler.ServeHTTP(httptest.NewRecorder(), r)
}

func TestMiddleware_Lines(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path string
		want         map[string]any // nil if there is no line
	}{
		"GraphQL": {http.MethodPost, "/graphql", map[string]any{
			"level": "INFO", "method": "POST", "route": "/graphql", "status": 200.0, "bytes": 4.0,
			"operation": "Me", "type": "query", "user": "11111111-1111-4111-8111-111111111111", "cost": 7.0, "codes": "FORBIDDEN NOT_FOUND",
		}},
		"Kratos":                 {http.MethodGet, "/.ory/kratos/public/self-service/" + secret, map[string]any{"route": "/.ory/kratos/public/", "status": 303.0}},
		"a file":                 {http.MethodGet, "/" + secret, nil},
		"health that fails":      {http.MethodGet, "/health/ready", map[string]any{"route": "/health/ready", "status": 503.0}},
		"a handler that panics":  {http.MethodGet, "/panic", map[string]any{"route": "/panic", "status": 500.0}},
		"a method of the client": {"BREW-" + strings.Repeat("X", 100), "/graphql", map[string]any{"method": "other"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text bytes.Buffer
			log := accesslog.New(slog.New(slog.NewJSONHandler(&text, nil)))
			request(t, log.Middleware(newMux()), test.method, test.path)
			if strings.Contains(text.String(), "example.org") || strings.Contains(text.String(), "192.0.2.77") {
				t.Errorf("the line contains something personal: %s", text.String())
			}
			if test.want == nil {
				if text.Len() > 0 {
					t.Errorf("there is the line %s, want none", text.String())
				}
				return
			}
			var line map[string]any
			if err := json.Unmarshal(text.Bytes(), &line); err != nil {
				t.Fatalf("the log is %q: %v", text.String(), err)
			}
			for key, want := range test.want {
				if line[key] != want {
					t.Errorf("%s is %v, want %v: %s", key, line[key], want, text.String())
				}
			}
			if seconds, ok := line["seconds"].(float64); !ok || seconds < 0 || seconds > 60 {
				t.Errorf("the duration is %v", line["seconds"])
			}
		})
	}
}

// TestMiddleware_Metrics sends paths and methods without end: they must not become labels.
func TestMiddleware_Metrics(t *testing.T) {
	t.Parallel()
	log := accesslog.New(nil)
	handler := log.Middleware(newMux())
	for range 100 {
		request(t, handler, "BREW", "/"+uuid.NewString())
		request(t, handler, uuid.NewString(), "/graphql")
	}
	for i, want := range []int{2, 2} {
		if got := testutil.CollectAndCount(log.Collectors()[i]); got != want {
			t.Errorf("there are %d series after 200 requests of two kinds, want %d", got, want)
		}
	}
}

// TestMiddleware_Allocations bounds what the log costs.
func TestMiddleware_Allocations(t *testing.T) { //nolint:paralleltest // It counts the allocations of the whole process.
	mux := http.NewServeMux()
	mux.HandleFunc("/graphql", func(_ http.ResponseWriter, r *http.Request) {
		accesslog.Describe(r.Context(), accesslog.Operation{Name: "Me", Type: "query", User: uuid.Max, Cost: 7})
	})
	r, w := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil), httptest.NewRecorder()
	measure := func(handler http.Handler) float64 {
		return testing.AllocsPerRun(1000, func() { handler.ServeHTTP(w, r) })
	}
	without := measure(mux)
	counting := measure(accesslog.New(nil).Middleware(mux)) - without
	writing := measure(accesslog.New(slog.New(slog.NewJSONHandler(io.MultiWriter(), nil))).Middleware(mux)) - without
	t.Logf("a request takes %.0f allocations more with metrics, and %.0f with its line too", counting, writing)
	if counting > 5 || writing > 12 { // Under the race detector the pool of log/slog keeps less.
		t.Errorf("a request takes %.0f allocations more with metrics, and %.0f with its line too, want at most 5 and 12", counting, writing)
	}
}
