// Package session finds out who is calling: it asks Ory Kratos about the session cookie
// or token of a request, and loads the user, once per request. [Find] does so before anything
// else is done for a request, [ViewerOf] when somebody needs to know.
//
// The answers are cached for a few seconds: see [ViewerOf] and [FreshViewerOf].
package session

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// forgetTimeout bounds telling the other servers that sessions may have ended.
const forgetTimeout = 2 * time.Second

// Viewer is the member whose session a request has.
type Viewer struct {
	User *ent.User

	// privilegedUntil is when the login is no longer recent; loginAgain is where a
	// browser goes then.
	privilegedUntil time.Time
	loginAgain      string

	admin, moderator role
}

// role remembers whether the viewer has a role.
type role struct {
	mu  sync.Mutex
	has *bool // nil until Keto has been asked
}

// of asks Keto whether a user has the role, at most once.
func (r *role) of(ctx context.Context, user uuid.UUID, ask func(context.Context, uuid.UUID) (bool, error)) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.has == nil {
		has, err := ask(ctx, user)
		if err != nil {
			return false, err
		}
		r.has = &has
	}
	return *r.has, nil
}

// RequireRecentLogin returns an error unless the viewer has logged in recently: somebody
// who finds an open session must not do what cannot be undone.
func (v *Viewer) RequireRecentLogin(now time.Time) error {
	if now.After(v.privilegedUntil) {
		return &apperr.Error{Code: apperr.Forbidden, Message: "log in again to do this", RedirectTo: v.loginAgain}
	}
	return nil
}

// IsAdmin reports whether the viewer is an admin. It asks Keto once per request.
func (v *Viewer) IsAdmin(ctx context.Context, checker *access.Checker) (bool, error) {
	return v.admin.of(ctx, v.User.ID, checker.IsAdmin)
}

// IsModerator reports whether the viewer may moderate. It asks Keto once per request.
func (v *Viewer) IsModerator(ctx context.Context, checker *access.Checker) (bool, error) {
	return v.moderator.of(ctx, v.User.ID, checker.IsModerator)
}

// Authenticator finds out who is calling. It is safe for concurrent use.
type Authenticator struct {
	sessions      *kratos.Sessions
	users         *account.Users
	db            *ent.Client
	cache         *cache
	cookie        string
	privilegedAge time.Duration
	due           due
}

// NewAuthenticator returns an authenticator. From then on, changes of users by this
// client of the database are visible at once, and others when the server hears of them.
func NewAuthenticator(c config.Kratos, sessions *kratos.Sessions, users *account.Users, db *ent.Client) (*Authenticator, error) {
	a := &Authenticator{sessions: sessions, users: users, db: db, cookie: c.SessionCookie, privilegedAge: c.PrivilegedSessionMaxAge}
	var err error
	if a.cache, err = newCache(c.SessionCache, a.ask); err != nil {
		return nil, fmt.Errorf("create the session cache: %w", err)
	}
	if a.due, err = newDue(); err != nil {
		return nil, fmt.Errorf("create the list of sessions to extend: %w", err)
	}
	db.User.Use(a.cache.forgetChanged)
	return a, nil
}

// Collectors returns the metrics of the session cache.
func (a *Authenticator) Collectors() []prometheus.Collector { return a.cache.metrics.collectors() }

// Forget makes the cache forget a member. It is what the server does when it hears of a change: see package live.
func (a *Authenticator) Forget(member uuid.UUID) { a.cache.forget(member) }

// ForgetAll makes the cache forget all members: changes may have been missed.
func (a *Authenticator) ForgetAll() { a.cache.forgetAll() }

// ForgetViewer makes the caches of all servers forget the member whose credential a request has, in all sessions: the
// request may have ended any of them. If the error is not nil, only this server has forgotten the member.
//
// A member whose session this server does not know cannot be named to the others: whoever passes a request on that may end sessions
// calls [ViewerOf] first.
func (a *Authenticator) ForgetViewer(r *http.Request) error {
	user := a.forgetViewer(r)
	if user == uuid.Nil {
		return nil
	}
	// The client may be gone, but the session has ended.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), forgetTimeout)
	defer cancel()
	return live.Forget(ctx, a.db, user)
}

// forgetViewer makes the cache forget the member whose credential a request has, and returns the member, or uuid.Nil for a visitor.
func (a *Authenticator) forgetViewer(r *http.Request) uuid.UUID {
	user := a.cache.forgetCredential(a.credentialOf(r))
	if viewer := KnownViewer(r.Context()); user == uuid.Nil && viewer != nil { // The cache does not keep what was asked for before a change.
		user = viewer.User.ID
		a.cache.forget(user)
	}
	return user
}

type contextKey struct{}

// Middleware makes [Find] and [ViewerOf] work for the requests of next. Kratos is asked at the first
// call of one of them, and never for requests without credentials.
func (a *Authenticator) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lookup := &lookup{Authenticator: a, ctx: r.Context(), credential: a.credentialOf(r), page: pageOf(r)}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, lookup)))
	})
}

// Find finds whose session a request has, and returns the id of the user, or uuid.Nil for a
// visitor. It calls admit before it asks Kratos or waits for an answer of Kratos: with the user whose session
// it was when Kratos was last asked, or uuid.Nil for a session that this process has not seen to be valid. If
// that is not ok, Find returns uuid.Nil. It calls end when Kratos has answered.
//
// If Kratos does not answer, a session that has been valid is still that user's. So the id says who should pay
// for a request, and never what the viewer may do: [ViewerOf] returns the error.
func Find(ctx context.Context, admit func(known uuid.UUID) (end func(), ok bool)) uuid.UUID {
	lookup := lookupOf(ctx)
	if lookup == nil || lookup.credential == (kratos.Credential{}) {
		return uuid.Nil
	}
	user, fresh := lookup.cache.known(lookup.credential)
	if !fresh {
		end, ok := admit(user)
		if !ok {
			return uuid.Nil
		}
		defer end()
	}
	viewer, err := lookup.session(false)
	switch {
	case err == nil:
		return viewer.User.ID
	case apperr.CodeOf(err) == apperr.Unauthenticated:
		return uuid.Nil // The session has ended.
	}
	return user
}

// ViewerOf returns the viewer. The error is [apperr.ErrUnauthenticated] or any other error
// of [kratos.Sessions.Whoami], an error of [CheckViewer] or [account.CheckActive], or an error of the database.
//
// The answer may come from the session cache. It is then a few seconds old at most; a user
// changed by this process is never outdated, one changed by another for a moment.
func ViewerOf(ctx context.Context) (*Viewer, error) { return viewerOf(ctx, false) }

// FreshViewerOf is [ViewerOf] after asking Kratos, for what cannot be undone. Later calls
// of ViewerOf return the same viewer.
func FreshViewerOf(ctx context.Context) (*Viewer, error) { return viewerOf(ctx, true) }

// Recheck asks Kratos whether the session of a request that has a viewer has not ended yet, and whether the member is not suspended: a stream lasts longer than the
// answer that it began with. The answer is also remembered for other requests.
func Recheck(ctx context.Context) error {
	lookup := lookupOf(ctx)
	if lookup == nil {
		return apperr.ErrUnauthenticated
	}
	found, err := lookup.cache.load(ctx, lookup.credential, keyOf(lookup.credential))
	if err != nil {
		return err
	}
	return account.CheckActive(found.user)
}

// KnownViewer returns the viewer if somebody has asked for them during this request, and nil
// otherwise. It asks nobody.
func KnownViewer(ctx context.Context) *Viewer {
	lookup := lookupOf(ctx)
	if lookup == nil {
		return nil
	}
	lookup.mu.Lock()
	defer lookup.mu.Unlock()
	return lookup.found
}

func viewerOf(ctx context.Context, fresh bool) (*Viewer, error) {
	lookup := lookupOf(ctx)
	if lookup == nil {
		return nil, apperr.ErrUnauthenticated
	}
	found, err := lookup.viewer(fresh)
	if err != nil {
		return nil, err
	}
	if err := account.CheckActive(found.User); err != nil && ctx.Value(admitsSuspended{}) == nil {
		return nil, err
	}
	return found, nil
}

type admitsSuspended struct{}

// AdmitSuspended returns a context in which suspended members are viewers too, for the few things that they may still do.
func AdmitSuspended(ctx context.Context) context.Context {
	return context.WithValue(ctx, admitsSuspended{}, true)
}

// lookup finds the viewer of one request: at most once, and once more if a fresh answer is
// needed after a cached one.
type lookup struct {
	*Authenticator

	ctx        context.Context // of the request
	credential kratos.Credential
	page       page

	mu         sync.Mutex
	done       bool
	fresh      bool
	found      *Viewer
	foundError error
}

// lookupOf returns the lookup of a request, or nil if there is none.
func lookupOf(ctx context.Context) *lookup {
	found, _ := ctx.Value(contextKey{}).(*lookup)
	return found
}

// viewer returns whose session it is, if the page is that member's.
func (l *lookup) viewer(fresh bool) (*Viewer, error) {
	found, err := l.session(fresh)
	if err != nil {
		return nil, err
	}
	if err := l.page.mustBeOf(found.User.ID); err != nil {
		return nil, err
	}
	return found, nil
}

// session returns whose session it is, whosever the page is.
func (l *lookup) session(fresh bool) (*Viewer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.done || fresh && !l.fresh {
		l.found, l.foundError = l.find(l.ctx, l.credential, fresh)
		l.done, l.fresh = true, fresh
	}
	return l.found, l.foundError
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

func (a *Authenticator) find(ctx context.Context, credential kratos.Credential, fresh bool) (*Viewer, error) {
	if credential == (kratos.Credential{}) {
		return nil, apperr.ErrUnauthenticated
	}
	find := a.cache.viewer
	if fresh {
		find = a.cache.fresh
	}
	found, err := find(ctx, credential)
	if err != nil {
		return nil, err
	}
	return &Viewer{
		User:            found.user,
		privilegedUntil: found.authenticatedAt.Add(a.privilegedAge),
		loginAgain:      a.sessions.LoginAgainURL(),
	}, nil
}

// ask asks Kratos whose credential it is, and loads the user.
func (a *Authenticator) ask(ctx context.Context, credential kratos.Credential) (member, error) {
	session, err := a.sessions.Whoami(ctx, credential)
	if err != nil {
		return member{}, err
	}
	user, err := a.users.ForIdentity(ctx, session.Identity)
	if err != nil {
		return member{}, err
	}
	a.due.offer(session, time.Now())
	return member{user: user, authenticatedAt: session.AuthenticatedAt, expiresAt: session.ExpiresAt}, nil
}
