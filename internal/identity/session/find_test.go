package session

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// finder returns a function that sends a request with a session token, or without one, and returns whom
// [Find] finds, and for whom it has asked to be admitted. admitted is what it is told then.
func finder(t *testing.T, a *asked) func(t *testing.T, token string, admitted bool) (user uuid.UUID, asks []uuid.UUID) {
	t.Helper()
	authenticator := &Authenticator{cache: cacheOf(t, maxAge, a), sessions: kratos.NewSessions(config.Kratos{}, nil)}
	return func(t *testing.T, token string, admitted bool) (user uuid.UUID, asks []uuid.UUID) {
		t.Helper()
		under := 0
		handler := authenticator.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			user = Find(r.Context(), func(known uuid.UUID) (func(), bool) {
				asks, under = append(asks, known), under+1
				return func() { under-- }, admitted
			})
		}))
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
		request.Header.Set("X-Session-Token", token)
		handler.ServeHTTP(httptest.NewRecorder(), request)
		if admitted && under != 0 {
			t.Errorf("%d look-ups have not ended", under)
		}
		return user, asks
	}
}

// TestFind_Callers says who pays for a request: the user of the session, or a stranger.
func TestFind_Callers(t *testing.T) {
	t.Parallel()
	away := errors.New("Kratos does not answer")
	for name, test := range map[string]struct {
		known    bool
		err      error // what Kratos says then
		wantUser bool
	}{
		"known":                             {true, nil, true},
		"known, but Kratos does not answer": {true, away, true},
		"known, but the session has ended":  {true, apperr.ErrUnauthenticated, false},
		"new":                               {false, nil, true},
		"new, and Kratos does not answer":   {false, away, false},
		"invalid":                           {false, apperr.ErrUnauthenticated, false},
		"the second factor is missing":      {false, &apperr.Error{Code: apperr.SecondFactorRequired}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				kratos := &asked{}
				find := finder(t, kratos)
				if test.known {
					find(t, token.Token, true)
					time.Sleep(maxAge) // The answer is too old.
				}
				kratos.err = test.err
				before := kratos.times
				user, asks := find(t, token.Token, true)
				if isUser := user == kratos.viewer.user.ID; isUser != test.wantUser || !isUser && user != uuid.Nil {
					t.Errorf("the request is paid for by %s, want the user: %t", user, test.wantUser)
				}
				want := []uuid.UUID{uuid.Nil} // The network pays.
				if test.known {
					want = []uuid.UUID{kratos.viewer.user.ID}
				}
				if !slices.Equal(asks, want) {
					t.Errorf("the look-up had to be admitted for %v, want %v", asks, want)
				}
				kratos.want(t, before+1, "by the request")
			})
		})
	}
}

// TestFind_NotAdmitted does not ask Kratos about a session that is not known, if the look-up is not admitted.
func TestFind_NotAdmitted(t *testing.T) {
	t.Parallel()
	kratos := &asked{}
	find := finder(t, kratos)
	if user, asks := find(t, token.Token, false); user != uuid.Nil || len(asks) != 1 {
		t.Errorf("the session is that of %s after %d questions, want nobody after one", user, len(asks))
	}
	if user, asks := find(t, "", false); user != uuid.Nil || len(asks) != 0 {
		t.Errorf("a request without a session is that of %s after %d questions, want nobody and no question", user, len(asks))
	}
	kratos.want(t, 0, "by requests that are not admitted")
}

// TestFind_KnownNotAdmitted does not ask Kratos again about the session of a member who is refused.
func TestFind_KnownNotAdmitted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kratos := &asked{}
		find := finder(t, kratos)
		find(t, token.Token, true)
		time.Sleep(maxAge)
		for range 10 {
			if user, asks := find(t, token.Token, false); user != uuid.Nil || len(asks) != 1 {
				t.Errorf("the session is that of %s after %d questions, want nobody after one", user, len(asks))
			}
		}
		kratos.want(t, 1, "before the member was refused")
	})
}

// TestFind_Flood has a member flood. Kratos is asked once in the time that the answer is remembered.
func TestFind_Flood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kratos := &asked{}
		find := finder(t, kratos)
		for range 100 {
			find(t, token.Token, true)
		}
		kratos.want(t, 1, "by a flood")
	})
}
