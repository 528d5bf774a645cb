package kratos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	ory "github.com/ory/client-go"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/outbound"
)

// Credential is a session token or a session cookie. Kratos is sent at most one of them,
// because it would prefer the token without saying so.
type Credential struct {
	Token  string
	Cookie *http.Cookie
}

// maxToken and maxCookie are the lengths of the longest credentials, in bytes. Kratos's have 39, and some hundred.
const maxToken, maxCookie = 256, 4096

// isPlausible reports whether there is a credential that can be sent to Kratos. Whoever sends a code
// chooses a token freely: a line break in it would be an error of the transport, and such errors
// keep everybody from asking Kratos for a while.
func (c Credential) isPlausible() bool {
	value, longest := c.Token, maxToken
	if value == "" && c.Cookie != nil {
		value, longest = c.Cookie.Value, maxCookie
	}
	return value != "" && len(value) <= longest &&
		!strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
}

// Session is a valid session.
type Session struct {
	ID       string
	Identity Identity
	// AuthenticatedAt is when the member last logged in.
	AuthenticatedAt time.Time
	// ExpiresAt is when the session ends by itself, or zero.
	ExpiresAt time.Time
}

// RecoveryError says that a session is the session of a recovery, which may set a new password and nothing else. A login
// with that password makes it a session like any other. Until then it is no session: [apperr.ErrUnauthenticated].
type RecoveryError struct {
	// UserID is the user that the identity names, or uuid.Nil.
	UserID uuid.UUID
}

func (*RecoveryError) Error() string { return "the session of a recovery" }

// Unwrap returns [apperr.ErrUnauthenticated].
func (*RecoveryError) Unwrap() error { return apperr.ErrUnauthenticated }

// Sessions finds out whose session a request carries.
type Sessions struct {
	public     string // the address of Kratos's public API
	key        string // of an Ory Network project, or empty
	client     *http.Client
	loginAgain string
}

// maxWhoami bounds Kratos's answer about a session, in bytes.
const maxWhoami = 1 << 20

// NewSessions returns a client of Kratos's sessions. transport carries its calls; nil
// means [http.DefaultTransport].
func NewSessions(c config.Kratos, transport http.RoundTripper) *Sessions {
	return &Sessions{
		public: strings.TrimSuffix(c.PublicURL, "/"),
		key:    c.APIKey,
		client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // Nobody else gets the credential.
		}},
		loginAgain: strings.TrimSuffix(c.ForBrowsers(), "/") + "/self-service/login/browser?refresh=true",
	}
}

// LoginAgainURL is where a browser logs in again to renew a session.
func (s *Sessions) LoginAgainURL() string { return s.loginAgain }

// Whoami returns the session of a credential. The error is [apperr.ErrUnauthenticated], a [*RecoveryError],
// one with the code [apperr.SecondFactorRequired], or [ErrUnavailable]. See Ory's
// documentation, "Check who a session belongs to".
//
// Kratos says that there is no session if it could not read it, too. Before a session is called invalid, Kratos is
// therefore asked in a way in which it tells the two apart: see [Sessions.confirmEnd].
//
// The answer is decoded here: Ory's client decodes each object three times, which took a third
// of the time of a request whose session is not cached.
func (s *Sessions) Whoami(ctx context.Context, credential Credential) (Session, error) {
	if !credential.isPlausible() {
		return Session{}, apperr.ErrUnauthenticated
	}
	status, body, err := s.ask(ctx, "/sessions/whoami", credential)
	switch {
	case err != nil:
		return Session{}, err
	case status == http.StatusUnauthorized:
		return Session{}, s.confirmEnd(ctx, credential)
	case status != http.StatusOK:
		return Session{}, sessionError(status, body)
	}
	return parseSession(body)
}

// confirmEnd returns [apperr.ErrUnauthenticated] if Kratos has read that there is no session, and [ErrUnavailable]
// otherwise. Kratos answers whoami with 401 whatever goes wrong, such as a connection to its database that it does not get
// while others of its own have one: its readiness says nothing about that. When it begins a logout, which changes
// nothing, it answers 401 only if there is no session.
func (s *Sessions) confirmEnd(ctx context.Context, credential Credential) error {
	status, _, err := s.ask(ctx, "/self-service/logout/browser", credential)
	switch {
	case err != nil:
		return err
	case status != http.StatusUnauthorized:
		return fmt.Errorf("%w: it finds no session, and answers the question whether there is one with the status %d", ErrUnavailable, status)
	}
	return apperr.ErrUnauthenticated
}

// ask calls Kratos with a credential.
func (s *Sessions) ask(ctx context.Context, path string, credential Credential) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.public+path, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("ask Kratos about a session: %w", err)
	}
	switch {
	case credential.Token != "":
		request.Header.Set("X-Session-Token", credential.Token)
	case credential.Cookie != nil:
		request.Header.Set("Cookie", credential.Cookie.Name+"="+credential.Cookie.Value)
	}
	request.Header.Set("Accept", "application/json")
	if s.key != "" {
		request.Header.Set("Authorization", "Bearer "+s.key)
	}
	response, body, err := outbound.Fetch(s.client, request, maxWhoami)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return response.StatusCode, body, nil
}

// parseSession reads Kratos's answer about a session that it has found. See Ory's documentation
// of the type "session".
func parseSession(body []byte) (Session, error) {
	var answer struct {
		ID              string    `json:"id"`
		Active          *bool     `json:"active"`
		AuthenticatedAt time.Time `json:"authenticated_at"`
		ExpiresAt       time.Time `json:"expires_at"`
		Methods         []struct {
			Method string `json:"method"`
		} `json:"authentication_methods"`
		Identity struct {
			ID                  string         `json:"id"`
			Traits              any            `json:"traits"`
			MetadataPublic      map[string]any `json:"metadata_public"`
			VerifiableAddresses []struct {
				Value    string `json:"value"`
				Verified *bool  `json:"verified"`
			} `json:"verifiable_addresses"`
		} `json:"identity"`
	}
	// Other programs, such as proxies, answer too.
	if json.Unmarshal(body, &answer) != nil || answer.ID == "" || answer.Active == nil || answer.Identity.Traits == nil {
		return Session{}, fmt.Errorf("%w: its answer is no session", ErrUnavailable)
	}
	if !*answer.Active {
		return Session{}, apperr.ErrUnauthenticated
	}
	recovered := len(answer.Methods) > 0
	for _, used := range answer.Methods {
		recovered = recovered && used.Method == "code_recovery"
	}
	found := ory.Identity{Id: answer.Identity.ID, Traits: answer.Identity.Traits, MetadataPublic: answer.Identity.MetadataPublic}
	for _, address := range answer.Identity.VerifiableAddresses {
		if address.Verified == nil {
			return Session{}, fmt.Errorf("%w: its answer does not say whether an address is verified", ErrUnavailable)
		}
		found.VerifiableAddresses = append(found.VerifiableAddresses, ory.VerifiableIdentityAddress{Value: address.Value, Verified: *address.Verified})
	}
	identity, err := newIdentity(&found)
	if err != nil {
		return Session{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if recovered {
		return Session{}, &RecoveryError{UserID: identity.UserID}
	}
	return Session{ID: answer.ID, Identity: identity, AuthenticatedAt: answer.AuthenticatedAt, ExpiresAt: answer.ExpiresAt}, nil
}

// sessionError distinguishes a session without the second factor from one that could not be checked.
func sessionError(status int, body []byte) error {
	var answer struct {
		Error struct {
			ID string `json:"id"`
		} `json:"error"`
		RedirectTo string `json:"redirect_browser_to"`
	}
	if status == http.StatusForbidden && json.Unmarshal(body, &answer) == nil && answer.Error.ID == "session_aal2_required" {
		return &apperr.Error{
			Code: apperr.SecondFactorRequired, Message: "use your second factor first", RedirectTo: answer.RedirectTo,
		}
	}
	return fmt.Errorf("%w: status %d", ErrUnavailable, status)
}
