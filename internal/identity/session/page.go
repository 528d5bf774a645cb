package session

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// ViewerHeader is the header field by which a page says whose page it is: the id of the member for whom it was loaded.
// All tabs of a browser have one session, and a login in one of them changes it. What a page of another member shows, and
// what was typed into it, must not become the new viewer's.
const ViewerHeader = "Catfoster-Viewer"

// ErrViewerChanged says that the page is somebody else's than the session's.
var ErrViewerChanged = &apperr.Error{Code: apperr.ViewerChanged, Message: "somebody else is signed in now, so nothing was done"}

// page says whose page has sent a request. The zero value is a request that does not say it.
type page struct {
	viewer uuid.UUID
	named  bool
	err    error // says that the header names nobody
}

func pageOf(r *http.Request) page {
	values := r.Header.Values(ViewerHeader)
	if len(values) == 0 {
		return page{}
	}
	viewer, err := uuid.Parse(values[0])
	if err != nil || viewer == uuid.Nil || len(values) > 1 {
		var problems apperr.Fields
		problems.Add(ViewerHeader, "must be the id of one member")
		return page{named: true, err: problems.Err()}
	}
	return page{viewer: viewer, named: true}
}

// mustBeOf returns an error if the page is somebody else's than the user's.
func (p page) mustBeOf(user uuid.UUID) error {
	switch {
	case !p.named:
		return nil
	case p.err != nil:
		return p.err
	case p.viewer != user:
		return ErrViewerChanged
	}
	return nil
}

// CheckViewer returns an error unless the session of a request belongs to the member whose page has sent it. Nothing
// is to be checked if the request does not say whose page it is, and if it has no session. The error has the
// code [apperr.ViewerChanged], or says why it is not known whose session it is.
//
// The session of a recovery may be used by the member who has recovered the account. A deleted account is somebody else's.
func CheckViewer(ctx context.Context) error {
	lookup := lookupOf(ctx)
	if lookup == nil || !lookup.page.named {
		return nil
	}
	if lookup.page.err != nil {
		return lookup.page.err
	}
	_, err := lookup.viewer(false)
	if recovery := (*kratos.RecoveryError)(nil); errors.As(err, &recovery) {
		return lookup.page.mustBeOf(recovery.UserID)
	}
	switch {
	case errors.Is(err, apperr.ErrUnauthenticated):
		return nil
	case apperr.CodeOf(err) == apperr.Unauthenticated:
		return ErrViewerChanged
	}
	return err
}
