package websecurity_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/catfoster/catfoster/internal/edge/websecurity"
)

func TestSetHeaders_HTTPSOnly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		origin, host string
		want         bool
	}{
		{"https://cats.example", "cats.example", true},
		{"https://cats.example", "Cats.Example.:443", true},
		{"https://Cats.Example:8443", "cats.example:8443", true},
		{"https://cats.example", "10.0.0.1:8080", false}, // A probe, without TLS.
		{"https://cats.example", "api.cats.example", false},
		{"http://cats.example", "cats.example", false},
		{"http://127.0.0.1:8080", "127.0.0.1:8080", false},
		{"", "cats.example", false},
		{"", "", false},
	} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		request.Host = test.host
		w := httptest.NewRecorder()
		websecurity.SetHeaders(test.origin, http.NotFoundHandler()).ServeHTTP(w, request)
		if got := w.Header().Get("Strict-Transport-Security"); (got == "max-age=31536000") != test.want || (got == "") == test.want {
			t.Errorf("Strict-Transport-Security for %q of the origin %q: %q, want it %t", test.host, test.origin, got, test.want)
		}
	}
}

// TestSetHeaders_Shared changes the header of one answer, which must not change the next.
func TestSetHeaders_Shared(t *testing.T) {
	t.Parallel()
	handler := websecurity.SetHeaders("", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Referrer-Policy", "unsafe-url")
		w.Header().Set("X-Content-Type-Options", "changed")
	}))
	for range 2 {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		if got := w.Header()["Referrer-Policy"]; len(got) != 2 {
			t.Errorf("Referrer-Policy: %q, want one value more than usual", got)
		}
	}
	if got := websecurity.ForData().Get("X-Content-Type-Options"); got != "nosniff" {
		t.Errorf("X-Content-Type-Options of other answers: %q", got)
	}
}
