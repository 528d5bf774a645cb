package kratosproxy_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/edge/kratosproxy"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestProxy_ViewerLimit has the network pay for looking up whose session it is, before Kratos is asked.
func TestProxy_ViewerLimit(t *testing.T) {
	t.Parallel()
	address, requests := startKratos(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path { // There is no session, and Kratos could read that: see kratos.Sessions.
		case "/sessions/whoami", "/self-service/logout/browser":
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	c := config.Kratos{PublicURL: address, SessionCookie: "session"}
	sessions, err := session.NewAuthenticator(c, kratos.NewSessions(c, nil), nil, ent.NewClient())
	if err != nil {
		t.Fatal(err)
	}
	// A form costs 1000, and a look-up 50.
	limiter := ratelimit.NewLimiter(config.RateLimit{Points: 1, Anonymous: 1, Burst: 2060, InFlight: 1})
	proxy, err := kratosproxy.New(c, kratosproxy.Options{Limiter: limiter, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{http.StatusOK, http.StatusTooManyRequests} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, config.ProxyPath+"self-service/settings", strings.NewReader("{}"))
		r.Header.Set("Cookie", "session=secret")
		r.Header.Set(session.ViewerHeader, uuid.NewString())
		w := httptest.NewRecorder()
		sessions.Middleware(proxy).ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("form %d: %d %s, want %d", i, w.Code, w.Body, want)
		}
		var asked []string
		for len(requests) > 0 {
			got := <-requests
			asked = append(asked, got.target)
			if got.header.Get(session.ViewerHeader) != "" {
				t.Errorf("Kratos gets the header %s", session.ViewerHeader)
			}
		}
		if (want == http.StatusOK) != (len(asked) > 0) {
			t.Errorf("form %d: Kratos is asked for %v", i, asked)
		}
	}
}
