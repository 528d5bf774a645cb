package webhooks_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/catfoster/catfoster/webhooks"
)

func TestHandler_Keys(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		keys     []string
		given    string
		accepted bool
	}{
		"the only key":            {[]string{"old"}, "old", true},
		"the first of two keys":   {[]string{"old", "new"}, "old", true},
		"the second of two keys":  {[]string{"old", "new"}, "new", true},
		"both keys in one header": {[]string{"old", "new"}, "old,new", false},
		"the same key twice":      {[]string{"old", "old"}, "old", true},
		"a retired key":           {[]string{"new"}, "old", false},
		"no key":                  {[]string{"old"}, "", false},
		"an empty key":            {[]string{""}, "", false},
		"no keys configured":      {nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			handler := webhooks.NewHandler(webhooks.Config{Keys: test.keys, Log: slog.New(slog.NewJSONHandler(&log, nil))})
			// The payload is invalid: a call that is accepted ends with 400.
			request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhooks/kratos/login", strings.NewReader("{"))
			request.Header.Set("X-Ory-Api-Key", test.given)
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, request)
			want := http.StatusUnauthorized
			if test.accepted {
				want = http.StatusBadRequest
			}
			if response.Code != want {
				t.Errorf("a call with the key %q where %q are accepted: %d, want %d", test.given, test.keys, response.Code, want)
			}
			if body := response.Body.String(); !strings.HasPrefix(body, `{"messages":[{"messages":[{"id":9000000,`) {
				t.Errorf("the answer is %q, want a message for Kratos's form", body)
			}
			if said := strings.Contains(log.String(), "X-Ory-API-Key"); said == test.accepted || !strings.Contains(log.String(), `"level":"WARN"`) {
				t.Errorf("the log says %q, want a warning, of the key: %t", &log, !test.accepted)
			}
			if test.given != "" && strings.Contains(log.String()+response.Body.String(), test.given) {
				t.Errorf("the log or the answer has the key: %s", &log)
			}
		})
	}
}

func TestHandler_Metrics(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path, key string
		status            int
		hook, result      string
	}{
		"another key":    {http.MethodPost, "/webhooks/kratos/login", "wrong", http.StatusUnauthorized, "login", "wrong_key"},
		"no payload":     {http.MethodPost, "/webhooks/kratos/second-factor", "right", http.StatusBadRequest, "second-factor", "invalid"},
		"another method": {http.MethodGet, "/webhooks/kratos/login", "right", http.StatusMethodNotAllowed, "login", "invalid"},
		"no webhook":     {http.MethodPost, "/webhooks/kratos/purr", "right", http.StatusNotFound, "other", "invalid"},
		"neither":        {http.MethodPost, "/webhooks/purr", "wrong", http.StatusUnauthorized, "other", "wrong_key"},
	} {
		handler := webhooks.NewHandler(webhooks.Config{Keys: []string{"right"}, Log: slog.New(slog.DiscardHandler)})
		request := httptest.NewRequestWithContext(t.Context(), test.method, test.path, nil)
		request.Header.Set("X-Ory-Api-Key", test.key)
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		if response.Code != test.status {
			t.Errorf("%s: the status is %d, want %d", name, response.Code, test.status)
		}
		calls, ok := handler.Collectors()[0].(*prometheus.CounterVec)
		if !ok {
			t.Fatal("the metric is no counter")
		}
		if got := testutil.ToFloat64(calls.WithLabelValues(test.hook, test.result)); got != 1 {
			t.Errorf("%s: %v calls of %s count as %s, want 1", name, got, test.hook, test.result)
		}
	}
}
