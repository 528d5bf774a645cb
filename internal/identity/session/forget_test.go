package session

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestForgetViewer_Named says whom a request that may end sessions makes all servers forget.
func TestForgetViewer_Named(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		asks, changes bool // during the request: for the viewer, who changes meanwhile, so that the cache keeps nothing
		want          bool
	}{
		"a session that was seen":                          {asks: true, want: true},
		"a session that was seen while the member changed": {asks: true, changes: true, want: true},
		"a session that nobody has asked for":              {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := &asked{}
			authenticator := &Authenticator{cache: cacheOf(t, maxAge, answers), sessions: kratos.NewSessions(config.Kratos{}, nil)}
			if test.changes {
				answers.during = func(context.Context) { authenticator.Forget(answers.viewer.user.ID) }
			}
			var got uuid.UUID
			handler := authenticator.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if test.asks {
					if _, err := ViewerOf(r.Context()); err != nil {
						t.Error(err)
					}
				}
				got = authenticator.forgetViewer(r)
			}))
			request := httptest.NewRequestWithContext(t.Context(), http.MethodDelete, "/", nil)
			request.Header.Set("X-Session-Token", token.Token)
			handler.ServeHTTP(httptest.NewRecorder(), request)
			want := uuid.Nil
			if test.want {
				want = answers.viewer.user.ID
			}
			if got != want {
				t.Errorf("user %s is forgotten, want %s", got, want)
			}
		})
	}
}
