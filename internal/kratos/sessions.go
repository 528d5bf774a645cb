package kratos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	ory "github.com/ory/client-go"

	"github.com/catfoster/catfoster/internal/apperr"
	"github.com/catfoster/catfoster/internal/config"
	"github.com/catfoster/catfoster/internal/oryhealth"
)

// Credential is a session token or a session cookie. Kratos is sent at most one of them,
// because it would prefer the token without saying so.
type Credential struct {
	Token  string
	Cookie *http.Cookie
}

// Session is a valid session.
type Session struct {
	Identity Identity
	// AuthenticatedAt is when the person last logged in.
	AuthenticatedAt time.Time
	// ExpiresAt is when the session ends by itself, or zero.
	ExpiresAt time.Time
}

// Sessions finds out whose session a request carries.
type Sessions struct {
	api        ory.FrontendAPI
	readiness  *oryhealth.Checker
	browserURL string
}

// NewSessions returns a client of Kratos's sessions. transport carries its calls; nil
// means [http.DefaultTransport].
func NewSessions(c config.Kratos, transport http.RoundTripper) *Sessions {
	return &Sessions{
		api: newClient(c.PublicURL, c.APIKey, callTimeout, transport).FrontendAPI,
		readiness: oryhealth.NewChecker(func(ctx context.Context) error {
			return oryhealth.Ready(ctx, c.PublicURL, c.APIKey, transport)
		}),
		browserURL: strings.TrimSuffix(c.ForBrowsers(), "/"),
	}
}

// LoginAgainURL is where a browser logs in again to renew a session.
func (s *Sessions) LoginAgainURL() string {
	return s.browserURL + "/self-service/login/browser?refresh=true"
}

// Whoami returns the session of a credential. The error is [apperr.ErrUnauthenticated],
// one with the code [apperr.SecondFactorRequired], or [ErrUnavailable]. See Ory's
// documentation, "Check who a session belongs to".
//
// Kratos finds no session while its database cannot be reached. Before a session is
// called invalid, Kratos is therefore asked whether it is ready, at most once a second.
func (s *Sessions) Whoami(ctx context.Context, credential Credential) (Session, error) {
	call := s.api.ToSession(ctx)
	switch {
	case credential.Token != "":
		call = call.XSessionToken(credential.Token)
	case credential.Cookie != nil:
		call = call.Cookie(credential.Cookie.Name + "=" + credential.Cookie.Value)
	default:
		return Session{}, apperr.ErrUnauthenticated
	}
	session, response, err := call.Execute()
	if err != nil {
		return Session{}, s.sessionError(ctx, response, err)
	}
	if session == nil { // The SDK accepts a response without a body.
		return Session{}, fmt.Errorf("%w: its answer is empty", ErrUnavailable)
	}
	if !session.GetActive() || session.Identity == nil {
		return Session{}, apperr.ErrUnauthenticated
	}
	identity, err := newIdentity(session.Identity)
	if err != nil {
		return Session{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return Session{Identity: identity, AuthenticatedAt: session.GetAuthenticatedAt(), ExpiresAt: session.GetExpiresAt()}, nil
}

// sessionError distinguishes an invalid session from one that could not be checked.
func (s *Sessions) sessionError(ctx context.Context, response *http.Response, err error) error {
	if response == nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	switch response.StatusCode {
	case http.StatusUnauthorized:
		if err := s.readiness.Ready(ctx); err != nil {
			return fmt.Errorf("%w: it finds no session and is not ready: %w", ErrUnavailable, err)
		}
		return apperr.ErrUnauthenticated
	case http.StatusForbidden:
		var answer struct {
			Error struct {
				ID string `json:"id"`
			} `json:"error"`
			RedirectTo string `json:"redirect_browser_to"`
		}
		var failure *ory.GenericOpenAPIError
		if errors.As(err, &failure) && json.Unmarshal(failure.Body(), &answer) == nil && answer.Error.ID == "session_aal2_required" {
			return &apperr.Error{
				Code: apperr.SecondFactorRequired, Message: "use your second factor first", RedirectTo: answer.RedirectTo,
			}
		}
	}
	return fmt.Errorf("%w: status %s", ErrUnavailable, response.Status)
}
