// Package session finds out who is calling: it asks Ory Kratos about the session cookie
// or token of a request, and loads the user, once per request and only if somebody needs
// to know.
package session

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/access"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/apperr"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/kratos"
)

// Viewer is the signed-in caller of a request.
type Viewer struct {
	User *ent.User

	// privilegedUntil is when the login is no longer recent; loginAgain is where a
	// browser goes then.
	privilegedUntil time.Time
	loginAgain      string

	mu    sync.Mutex
	admin *bool // nil until Keto has been asked
}

// RequireRecentLogin returns an error unless the caller has logged in recently: somebody
// who finds an open session must not do what cannot be undone.
func (v *Viewer) RequireRecentLogin(now time.Time) error {
	if now.After(v.privilegedUntil) {
		return &apperr.Error{Code: apperr.Forbidden, Message: "log in again to do this", RedirectTo: v.loginAgain}
	}
	return nil
}

// IsAdmin reports whether the caller is an admin. It asks Keto once per request.
func (v *Viewer) IsAdmin(ctx context.Context, checker *access.Checker) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.admin == nil {
		admins, err := checker.Admins(ctx, []uuid.UUID{v.User.ID})
		if err != nil {
			return false, err
		}
		admin := admins[v.User.ID]
		v.admin = &admin
	}
	return *v.admin, nil
}

// Authenticator finds out who is calling. It is safe for concurrent use.
type Authenticator struct {
	sessions      *kratos.Sessions
	users         *account.Users
	cookie        string
	privilegedAge time.Duration
}

// NewAuthenticator returns an authenticator.
func NewAuthenticator(c config.Kratos, sessions *kratos.Sessions, users *account.Users) *Authenticator {
	return &Authenticator{sessions: sessions, users: users, cookie: c.SessionCookie, privilegedAge: c.PrivilegedSessionMaxAge}
}

type contextKey struct{}

// Middleware makes [ViewerOf] work for the requests of next. Kratos is asked at the first
// call of ViewerOf, and never for requests without credentials.
func (a *Authenticator) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		credential := a.credentialOf(r)
		ctx := r.Context()
		viewer := sync.OnceValues(func() (*Viewer, error) { return a.viewer(ctx, credential) })
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, contextKey{}, viewer)))
	})
}

// ViewerOf returns the caller. The error is [apperr.ErrUnauthenticated] or any other error
// of [kratos.Sessions.Whoami], or an error of the database.
func ViewerOf(ctx context.Context) (*Viewer, error) {
	viewer, ok := ctx.Value(contextKey{}).(func() (*Viewer, error))
	if !ok {
		return nil, apperr.ErrUnauthenticated
	}
	return viewer()
}

// credentialOf returns the first of X-Session-Token, Authorization: Bearer and the
// session cookie. A header comes before the cookie because browsers send cookies
// unasked.
func (a *Authenticator) credentialOf(r *http.Request) kratos.Credential {
	if token := r.Header.Get("X-Session-Token"); token != "" {
		return kratos.Credential{Token: token}
	}
	if scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " "); found && strings.EqualFold(scheme, "Bearer") {
		return kratos.Credential{Token: strings.TrimSpace(token)}
	}
	if cookie, err := r.Cookie(a.cookie); err == nil && cookie.Value != "" {
		return kratos.Credential{Cookie: cookie}
	}
	return kratos.Credential{}
}

func (a *Authenticator) viewer(ctx context.Context, credential kratos.Credential) (*Viewer, error) {
	session, err := a.sessions.Whoami(ctx, credential)
	if err != nil {
		return nil, err
	}
	user, err := a.users.ForIdentity(ctx, session.Identity)
	if err != nil {
		return nil, err
	}
	return &Viewer{
		User:            user,
		privilegedUntil: session.AuthenticatedAt.Add(a.privilegedAge),
		loginAgain:      a.sessions.LoginAgainURL(),
	}, nil
}
