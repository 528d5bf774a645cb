package kratos_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/catfoster/catfoster/internal/apperr"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/kratos"
)

// TestSessions_InvalidWithoutDatabase has Kratos find no session. The answer counts only
// if Kratos is ready: without its database it finds none at all.
func TestSessions_InvalidWithoutDatabase(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		health int
		want   error
	}{
		"ready":     {http.StatusOK, apperr.ErrUnauthenticated},
		"not ready": {http.StatusServiceUnavailable, kratos.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			mux := http.NewServeMux()
			mux.HandleFunc("GET /sessions/whoami", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = w.Write([]byte(`{"error":{"code":401,"status":"Unauthorized","message":"No valid session credentials found."}}`))
			})
			mux.HandleFunc("GET /health/ready", func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.WriteHeader(test.health)
			})
			server := httptest.NewServer(mux)
			defer server.Close()
			sessions := kratos.NewSessions(config.Kratos{PublicURL: server.URL}, nil)
			for range 2 {
				if _, err := sessions.Whoami(t.Context(), kratos.Credential{Token: "x"}); !errors.Is(err, test.want) {
					t.Errorf("whoami returns %v, want %v", err, test.want)
				}
			}
			if n := asked.Load(); n == 0 || n > 2 {
				t.Errorf("Kratos is asked %d times whether it is ready, want once a second", n)
			}
			if _, err := sessions.Whoami(t.Context(), kratos.Credential{}); !errors.Is(err, apperr.ErrUnauthenticated) {
				t.Errorf("without a credential whoami returns %v, want %v", err, apperr.ErrUnauthenticated)
			}
		})
	}
}

// TestSessions_EmptyAnswer has another program, such as a proxy, answer in place of Kratos.
func TestSessions_EmptyAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	sessions := kratos.NewSessions(config.Kratos{PublicURL: server.URL}, nil)
	if _, err := sessions.Whoami(t.Context(), kratos.Credential{Token: "x"}); !errors.Is(err, kratos.ErrUnavailable) {
		t.Errorf("whoami returns %v, want %v", err, kratos.ErrUnavailable)
	}
}
