package requestid_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/platform/peer"
	"github.com/catfoster/catfoster/internal/platform/requestid"
)

func TestMiddleware_IDOfProxy(t *testing.T) {
	t.Parallel()
	const proxy, stranger = "10.1.1.1:80", "192.0.2.1:80"
	for name, test := range map[string]struct {
		remote, id string
		kept       bool
	}{
		"of a proxy":                       {proxy, "7b1f0a2c-Proxy_1.2", true},
		"of a client":                      {stranger, "7b1f0a2c", false},
		"none":                             {proxy, "", false},
		"longest":                          {proxy, strings.Repeat("x", 128), true},
		"too long":                         {proxy, strings.Repeat("x", 129), false},
		"with a line break":                {proxy, "a\nlevel=ERROR", false},
		"with a quotation mark":            {proxy, `a","level":"ERROR`, false},
		"with a space":                     {proxy, "a b", false},
		"with a letter outside of ASCII":   {proxy, "ä", false},
		"with a byte that is not a letter": {proxy, "a\xff", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen string
			handler, err := peer.Middleware([]string{"10.0.0.0/8"}, requestid.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				seen = requestid.Of(r.Context())
			})))
			if err != nil {
				t.Fatal(err)
			}
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			request.RemoteAddr = test.remote
			request.Header[requestid.Header] = []string{test.id}
			response := httptest.NewRecorder()
			handler.ServeHTTP(response, request)
			if answered := response.Header().Get(requestid.Header); answered != seen {
				t.Errorf("the answer has the id %q, want that of the log, %q", answered, seen)
			}
			if test.kept && seen != test.id {
				t.Errorf("the id is %q, want the proxy's, %q", seen, test.id)
			}
			if !test.kept && uuid.Validate(seen) != nil {
				t.Errorf("the id is %q, want a new one", seen)
			}
		})
	}
}
