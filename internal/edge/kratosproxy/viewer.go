package kratosproxy

import (
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/peer"
)

// checkViewer refuses a request from a page of another member than the viewer, and reports whether it may be passed on.
// Kratos knows no pages: it would set the password that one member has typed for the member who is signed in now.
// Kratos itself refuses requests that need a session and have none, as the pages expect.
func checkViewer(w http.ResponseWriter, r *http.Request, limiter *ratelimit.Limiter, log *slog.Logger) bool {
	if r.Header.Values(session.ViewerHeader) == nil {
		return true
	}
	var refused *ratelimit.Refusal
	session.Find(r.Context(), func(uuid.UUID) (end func(), ok bool) {
		end, refused = limiter.BeginLookUp(r.Context(), peer.Of(r.Context()).Address)
		return end, refused == nil
	})
	if refused != nil {
		refuseCall(w, refused)
		return false
	}
	err := session.CheckViewer(r.Context())
	switch apperr.CodeOf(err) {
	case apperr.ViewerChanged, apperr.SecondFactorRequired: // Kratos does not say whose session lacks the second factor.
		refuse(w, http.StatusPreconditionFailed, apperr.ViewerChanged, session.ErrViewerChanged.Message)
	case apperr.BadUserInput:
		refuse(w, http.StatusBadRequest, apperr.BadUserInput, err.Error())
	default:
		if err == nil {
			return true
		}
		log.WarnContext(r.Context(), "it is not known whether a form belongs to the viewer", "error", err)
		refuse(w, http.StatusServiceUnavailable, apperr.Unavailable, apperr.NewUnavailable(nil).Message)
	}
	return false
}
