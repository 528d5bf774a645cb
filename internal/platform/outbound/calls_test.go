package outbound_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/catfoster/catfoster/internal/platform/outbound"
	"github.com/catfoster/catfoster/internal/platform/requestid"
)

type answers func(*http.Request) (*http.Response, error)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

func TestCalls_Metrics(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path      string
		status            int
		err               error
		operation, counts string
	}{
		"whoami":                     {http.MethodGet, "/sessions/whoami", 200, nil, "whoami", "200"},
		"below a path":               {http.MethodGet, "/kratos/sessions/whoami", 401, nil, "whoami", "401"},
		"an identity":                {http.MethodDelete, "/admin/identities/7b1f", 204, nil, "delete_identity", "204"},
		"an unknown method":          {"BREW", "/admin/identities/7b1f", 400, nil, "other", "400"},
		"tuples":                     {http.MethodPatch, "/admin/relation-tuples", 204, nil, "write_tuples", "204"},
		"a form of a browser":        {http.MethodPost, "/self-service/login", 200, nil, "login", "200"},
		"a form that does not exist": {http.MethodGet, "/self-service/ada@example.org", 404, nil, "other", "404"},
		"no answer":                  {http.MethodGet, "/relation-tuples/check/openapi", 0, errors.New("refused"), "check", "unavailable"},
		"a client that has gone":     {http.MethodGet, "/relation-tuples/check/openapi", 0, context.Canceled, "check", "canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := outbound.NewCalls()
			transport := calls.To("a service", answers(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: test.status, Body: http.NoBody}, test.err
			}))
			response, err := transport.RoundTrip(httptest.NewRequestWithContext(t.Context(), test.method, "http://host"+test.path, nil))
			if !errors.Is(err, test.err) {
				t.Fatal(err)
			}
			if err == nil {
				response.Body.Close()
			}
			total, ok := calls.Collectors()[0].(*prometheus.CounterVec)
			if !ok {
				t.Fatal("the first metric is not the counter")
			}
			if got := testutil.ToFloat64(total.WithLabelValues("a service", test.operation, test.counts)); got != 1 {
				t.Errorf("%s %s does not count as %s with the result %s", test.method, test.path, test.operation, test.counts)
			}
		})
	}
}

// TestCalls_RequestID passes the id on, without changing the caller's request.
func TestCalls_RequestID(t *testing.T) {
	t.Parallel()
	var got string
	transport := outbound.NewCalls().To("a service", answers(func(r *http.Request) (*http.Response, error) {
		got = r.Header.Get("X-Request-Id")
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	}))
	var id string
	requestid.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		id = requestid.Of(r.Context())
		call := httptest.NewRequestWithContext(r.Context(), http.MethodGet, "http://host/", nil)
		response, err := transport.RoundTrip(call)
		if err != nil {
			t.Error(err)
			return
		}
		response.Body.Close()
		if len(call.Header) > 0 {
			t.Errorf("the caller's request has got the header %v", call.Header)
		}
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if got != id || id == "" {
		t.Errorf("the service gets the id %q, want %q", got, id)
	}
}
