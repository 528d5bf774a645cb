// Package session answers "who is calling?": it takes the session cookie or
// token of a request to Ory Kratos and finds the user it belongs to, once per
// request and only if somebody asks.
package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	kratos "github.com/ory/client-go"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/keto"
)

// ErrUnauthenticated says that the request carries no valid session.
var ErrUnauthenticated = errors.New("sign in first")

// SecondFactorError says that the session is valid but its identity has a second
// factor that has not been used yet.
type SecondFactorError struct {
	// RedirectTo is where a browser goes to use it.
	RedirectTo string
}

// Error implements error.
func (*SecondFactorError) Error() string { return "use your second factor first" }

// RefreshError says that the session is valid but the login too long ago for what
// was asked.
type RefreshError struct {
	// RedirectTo is where a browser goes to log in again.
	RedirectTo string
}

// Error implements error.
func (*RefreshError) Error() string { return "your login is too long ago for this: log in again" }

// Viewer is the signed-in caller of a request.
type Viewer struct {
	User *ent.User

	// privilegedUntil is when the login ceases to be a recent one, and loginAgain
	// where a browser goes then.
	privilegedUntil time.Time
	loginAgain      string

	admin sync.Mutex
	known *bool
}

// Privileged refuses with a *RefreshError unless the person has logged in
// recently: whoever finds an open session must not do what cannot be undone.
func (v *Viewer) Privileged(now time.Time) error {
	if now.After(v.privilegedUntil) {
		return &RefreshError{RedirectTo: v.loginAgain}
	}
	return nil
}

// IsAdmin says whether the caller is an admin. Keto is asked once per request.
func (v *Viewer) IsAdmin(ctx context.Context, client *keto.Client) (bool, error) {
	v.admin.Lock()
	defer v.admin.Unlock()
	if v.known == nil {
		is, err := client.Check(ctx, keto.AdminRole(v.User.ID))
		if err != nil {
			return false, err
		}
		v.known = &is
	}
	return *v.known, nil
}

// callTimeout is the longest that Kratos may take to answer.
const callTimeout = 5 * time.Second

// Config says where Kratos is and how its sessions travel.
type Config struct {
	// PublicURL is Kratos's public address.
	PublicURL string
	// Cookie is the name of the session cookie.
	Cookie string
	// PrivilegedAge is how long after a login the person may do what cannot be
	// undone.
	PrivilegedAge time.Duration
	// Transport carries the calls; nil for the usual one.
	Transport http.RoundTripper
}

// Authenticator finds out who is calling. It is safe for concurrent use.
type Authenticator struct {
	kratos        *kratos.APIClient
	publicURL     string
	cookie        string
	privilegedAge time.Duration
	users         *account.Book
}

// NewAuthenticator returns an authenticator that has not called anybody yet.
func NewAuthenticator(config Config, users *account.Book) *Authenticator {
	publicURL := strings.TrimSuffix(config.PublicURL, "/")
	c := kratos.NewConfiguration()
	c.Servers = kratos.ServerConfigurations{{URL: publicURL}}
	c.HTTPClient = &http.Client{Timeout: callTimeout, Transport: config.Transport}
	return &Authenticator{
		kratos: kratos.NewAPIClient(c), publicURL: publicURL,
		cookie: config.Cookie, privilegedAge: config.PrivilegedAge, users: users,
	}
}

type contextKey struct{}

// Middleware makes ViewerOf work for the requests of next. Kratos is asked when
// ViewerOf is first called, and not for requests without credentials.
func (a *Authenticator) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		credential := a.credentialOf(r)
		ctx := r.Context()
		viewer := sync.OnceValues(func() (*Viewer, error) { return a.viewer(ctx, credential) })
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, contextKey{}, viewer)))
	})
}

// ViewerOf returns the caller. The error is ErrUnauthenticated, a
// *SecondFactorError, account.ErrUnavailable, or one of the database.
func ViewerOf(ctx context.Context) (*Viewer, error) {
	viewer, ok := ctx.Value(contextKey{}).(func() (*Viewer, error))
	if !ok {
		return nil, ErrUnauthenticated
	}
	return viewer()
}

// credential is what a request shows for itself. At most one of them is passed
// on: Kratos would prefer the token and not say so.
type credential struct {
	token  string
	cookie *http.Cookie
}

// credentialOf takes the first of X-Session-Token, Authorization: Bearer and the
// session cookie. Whoever sends a header means it; browsers send cookies unasked.
func (a *Authenticator) credentialOf(r *http.Request) credential {
	if token := r.Header.Get("X-Session-Token"); token != "" {
		return credential{token: token}
	}
	if scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " "); found && strings.EqualFold(scheme, "Bearer") {
		return credential{token: strings.TrimSpace(token)}
	}
	if cookie, err := r.Cookie(a.cookie); err == nil && cookie.Value != "" {
		return credential{cookie: cookie}
	}
	return credential{}
}

func (a *Authenticator) viewer(ctx context.Context, credential credential) (*Viewer, error) {
	identity, loginAt, err := a.whoami(ctx, credential)
	if err != nil {
		return nil, err
	}
	user, err := a.users.Of(ctx, identity)
	if errors.Is(err, account.ErrDeleted) {
		return nil, ErrUnauthenticated
	}
	if err != nil {
		return nil, err
	}
	return &Viewer{
		User:            user,
		privilegedUntil: loginAt.Add(a.privilegedAge),
		loginAgain:      a.publicURL + "/self-service/login/browser?refresh=true",
	}, nil
}

// whoami asks Kratos whose session it is. See Ory's documentation, "Check who a
// session belongs to". It also tells when the person last logged in.
func (a *Authenticator) whoami(ctx context.Context, credential credential) (account.Identity, time.Time, error) {
	call := a.kratos.FrontendAPI.ToSession(ctx)
	switch {
	case credential.token != "":
		call = call.XSessionToken(credential.token)
	case credential.cookie != nil:
		call = call.Cookie(credential.cookie.Name + "=" + credential.cookie.Value)
	default:
		return account.Identity{}, time.Time{}, ErrUnauthenticated
	}
	session, response, err := call.Execute()
	if err != nil {
		return account.Identity{}, time.Time{}, refusal(response, err)
	}
	if !session.GetActive() || session.Identity == nil {
		return account.Identity{}, time.Time{}, ErrUnauthenticated
	}
	identity, err := account.IdentityOf(session.Identity)
	if err != nil {
		return account.Identity{}, time.Time{}, fmt.Errorf("%w: %w", account.ErrUnavailable, err)
	}
	return identity, session.GetAuthenticatedAt(), nil
}

// refusal tells a session that is not valid from one that could not be checked.
func refusal(response *http.Response, err error) error {
	if response == nil {
		return fmt.Errorf("%w: %w", account.ErrUnavailable, err)
	}
	switch response.StatusCode {
	case http.StatusUnauthorized:
		return ErrUnauthenticated
	case http.StatusForbidden:
		var answer struct {
			Error struct {
				ID string `json:"id"`
			} `json:"error"`
			RedirectTo string `json:"redirect_browser_to"`
		}
		var failure *kratos.GenericOpenAPIError
		if errors.As(err, &failure) && json.Unmarshal(failure.Body(), &answer) == nil && answer.Error.ID == "session_aal2_required" {
			return &SecondFactorError{RedirectTo: answer.RedirectTo}
		}
	}
	return fmt.Errorf("%w: it answers %s", account.ErrUnavailable, response.Status)
}
