package session

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// IsOf reports whether a session belongs to an identity, and may do what a member may. The
// credential is a session token, or else the value of a session cookie; it may be empty. Kratos
// is asked, not the cache.
func (a *Authenticator) IsOf(ctx context.Context, identity uuid.UUID, token, cookie string) (bool, error) {
	credential := kratos.Credential{Token: token}
	if token == "" && cookie != "" {
		credential.Cookie = &http.Cookie{Name: a.cookie, Value: cookie} //nolint:gosec // It is sent to Kratos, not to a browser.
	}
	found, err := a.sessions.Whoami(ctx, credential)
	if code := apperr.CodeOf(err); code == apperr.Unauthenticated || code == apperr.SecondFactorRequired {
		return false, nil
	}
	return err == nil && found.Identity.ID == identity, err
}
