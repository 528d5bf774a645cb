// Package photos takes the photos that members upload, and serves them to members. An upload passes the checks in the order of their
// costs, and nothing of its body is read before all of them:
//
//	origin -> session and points -> quota -> a turn -> body -> a turn -> decoding -> row and files
//
// The origin is checked before this package. Package bounds has the table of what makes a request wait.
package photos

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/bounds"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/photostore"
	"github.com/catfoster/catfoster/internal/platform/requestid"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Photos are what the handler needs of the use cases: see [usecase.Photos].
type Photos interface {
	RequireQuota(ctx context.Context, uploader *ent.User) error
	Add(ctx context.Context, uploader uuid.UUID, made *photo.Photo) (*ent.Photo, error)
	Visible(ctx context.Context, viewer, id uuid.UUID) (bool, error)
}

// Config is what the handler needs.
type Config struct {
	Photos Photos
	Files  photostore.Store
	Maker  *photo.Maker
	// Origin is that of the server for browsers.
	Origin string
	// Limiter bounds what each caller may ask. Nil bounds nothing.
	Limiter *ratelimit.Limiter
	// RequestTimeout is the time for the work on a request, beside reading its body.
	RequestTimeout time.Duration
	Log            *slog.Logger
}

// Handler takes and serves photos. Requests must pass through peer.Middleware and session.Authenticator.Middleware first.
type Handler struct {
	Config

	uploads *semaphore.Weighted // bytes of bodies in memory
	files   *semaphore.Weighted // being sent
}

// NewHandler returns a handler.
func NewHandler(c Config) *Handler {
	return &Handler{Config: c, uploads: semaphore.NewWeighted(bounds.UploadsOfServer), files: semaphore.NewWeighted(bounds.FilesOfServer)}
}

// problem is an error with the status of the answer.
type problem struct {
	status int
	error
}

func (p problem) Unwrap() error { return p.error }

// badPhoto says what is wrong with an upload.
func badPhoto(status int, rule string) error {
	return problem{status, apperr.Fields{{Name: "photo", Rule: rule}}.Err()}
}

// refused says that a caller must wait.
func refused(w http.ResponseWriter, r *ratelimit.Refusal) error {
	r.SetHeader(w.Header())
	return &apperr.Error{Code: apperr.RateLimited, Message: r.Reason}
}

// begin admits a request and finds its viewer. The caller must end the call.
func (h *Handler) begin(
	w http.ResponseWriter, r *http.Request, admit func(ratelimit.Caller) (*ratelimit.Call, *ratelimit.Refusal),
) (context.Context, *ratelimit.Call, *ent.User, error) {
	call, refusal := h.Limiter.Admit(r.Context(), admit)
	if refusal != nil {
		return nil, nil, nil, refused(w, refusal)
	}
	viewer, err := session.ViewerOf(r.Context())
	if err != nil {
		return nil, call, nil, err
	}
	ctx := database.LimitConnections(ratelimit.WithCall(r.Context(), call), call.Connections())
	return ctx, call, viewer.User, nil
}

// refuse answers with an error as GraphQL does.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, message, extensions := describe(r.Context(), err)
	switch {
	case errors.Is(r.Context().Err(), context.Canceled):
		h.Log.DebugContext(r.Context(), "the client closed the request", "error", err)
	case status >= http.StatusInternalServerError:
		h.Log.ErrorContext(r.Context(), "request failed", "code", extensions["code"], "error", err)
	}
	h.respond(w, status, map[string]any{"errors": []any{map[string]any{"message": message, "extensions": extensions}}})
}

func (h *Handler) respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // It fails only if the client has disconnected.
}

// describe returns what the client learns about an error.
func describe(ctx context.Context, err error) (status int, message string, extensions map[string]any) {
	coded := usecase.Coded(err)
	if coded == nil {
		return http.StatusInternalServerError, apperr.InternalMessage, map[string]any{"code": string(apperr.Internal), "requestId": requestid.Of(ctx)}
	}
	status = statusOf(coded)
	if p := (problem{}); errors.As(err, &p) {
		status = p.status
	}
	if len(coded.Fields) > 0 {
		return status, coded.Fields[0].Error(), coded.Fields[0].Extensions()
	}
	return status, coded.Message, coded.Extensions()
}

func statusOf(e *apperr.Error) int {
	switch e.Code {
	case apperr.Unauthenticated, apperr.SecondFactorRequired:
		return http.StatusUnauthorized
	case apperr.Forbidden, apperr.ViewerChanged:
		return http.StatusForbidden
	case apperr.NotFound:
		return http.StatusNotFound
	case apperr.RateLimited:
		return http.StatusTooManyRequests
	case apperr.Conflict:
		if e.Reason == apperr.QuotaExceeded {
			return http.StatusTooManyRequests
		}
		return http.StatusConflict
	case apperr.Unavailable:
		return http.StatusServiceUnavailable
	case apperr.Internal:
		return http.StatusInternalServerError
	case apperr.BadUserInput:
	}
	return http.StatusBadRequest
}

// unavailable says that the storage does not answer.
func unavailable(err error) error {
	return apperr.NewUnavailable(fmt.Errorf("the storage of photos: %w", err))
}
