package webhooks_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
			handler := webhooks.NewHandler(webhooks.Config{Keys: test.keys})
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
		})
	}
}
