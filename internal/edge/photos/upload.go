package photos

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/deadline"
)

const (
	// uploadPoints is what an upload costs its caller: decoding takes up to a second of a processor, so that a member alone cannot
	// keep half a processor busy.
	uploadPoints = 5000
	// turnTime is how long an upload waits for its turn, and bodyTime the time for the largest body: the pages send less
	// than a megabyte.
	turnTime = 10 * time.Second
	bodyTime = 20 * time.Second
)

// answer is what an upload returns.
type answer struct {
	ID     string `json:"id"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	URL    string `json:"url"`
}

// Upload takes a photo, which is the body of the request. Name and type are found by its content.
func (h *Handler) Upload(w http.ResponseWriter, r *http.Request) {
	uploaded, err := h.upload(w, r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	h.respond(w, http.StatusCreated, uploaded)
}

func (h *Handler) upload(w http.ResponseWriter, r *http.Request) (*answer, error) {
	size := r.ContentLength
	ctx, call, viewer, err := h.begin(w, r, func(c ratelimit.Caller) (*ratelimit.Call, *ratelimit.Refusal) {
		return h.Limiter.Begin(c, uploadPoints)
	})
	defer call.End()
	switch {
	case err != nil:
		return nil, err
	case size > photo.MaxBytes:
		return nil, errTooLong()
	case size < 0: // The client does not say it.
		size = photo.MaxBytes
	}
	if err := h.Photos.RequireQuota(ctx, viewer); err != nil {
		return nil, err
	}
	if err := h.wait(ctx, call, size); err != nil {
		w.Header().Set("Retry-After", "10")
		return nil, err
	}
	defer h.uploads.Release(size)
	body, err := h.readBody(w, r, size)
	if err != nil {
		return nil, err
	}
	ctx, cancel := deadline.Lift(ctx) // The time for the work begins when the body is there.
	defer cancel()
	ctx, cancel = context.WithTimeout(ctx, h.RequestTimeout)
	defer cancel()
	made, err := h.make(ctx, call, body)
	if err != nil {
		return nil, err
	}
	row, err := h.Photos.Add(ctx, viewer.ID, made)
	if err != nil {
		return nil, err
	}
	return &answer{ID: row.ID.String(), Width: row.Width, Height: row.Height, URL: photo.URL(h.Origin, row.ID, photo.Card)}, nil
}

// wait waits for a turn: first for the caller's own uploads, so that nobody fills the queue of the server.
func (h *Handler) wait(ctx context.Context, call *ratelimit.Call, size int64) error {
	ctx, cancel := context.WithTimeout(ctx, turnTime)
	defer cancel()
	err := call.WaitUpload(ctx, size)
	if err == nil {
		err = h.uploads.Acquire(ctx, size)
	}
	if err != nil {
		err = &apperr.Error{Code: apperr.RateLimited, Message: "too many photos are being uploaded at the moment; try again", Cause: err}
	}
	return err
}

// readBody reads a body that may have as many bytes as it has a turn for.
func (h *Handler) readBody(w http.ResponseWriter, r *http.Request, size int64) ([]byte, error) {
	connection := http.NewResponseController(w)
	var body bytes.Buffer
	body.Grow(int(size) + bytes.MinRead) // It has its room at once: a buffer that grows takes three times as much.
	_, err := body.ReadFrom(&pacedBody{
		Reader: http.MaxBytesReader(w, r.Body, photo.MaxBytes), connection: connection, begin: time.Now(), speed: speedOf(size),
	})
	tooLong := (*http.MaxBytesError)(nil)
	switch {
	case errors.As(err, &tooLong):
		return nil, errTooLong()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, badPhoto(http.StatusRequestTimeout, fmt.Sprintf("arrived too slowly: %d kB per second are needed for its length", speedOf(size)/1000))
	case err != nil:
		return nil, badPhoto(http.StatusBadRequest, "did not arrive as a whole")
	}
	// What is read from now on tells that the client is gone. A deadline that passes would tell the same.
	rest := time.Now().Add(h.RequestTimeout + fileTime)
	return body.Bytes(), errors.Join(connection.SetReadDeadline(rest), connection.SetWriteDeadline(rest))
}

// make makes a photo: first it waits for the caller's own, as the queue of the server is one for all.
func (h *Handler) make(ctx context.Context, call *ratelimit.Call, body []byte) (*photo.Photo, error) {
	if err := call.WaitDecoding(ctx); err != nil {
		return nil, fmt.Errorf("wait for another photo of the caller: %w", err)
	}
	made, err := h.Maker.Make(ctx, body)
	if err != nil {
		return nil, refusalOf(err)
	}
	return made, nil
}

func errTooLong() error {
	return badPhoto(http.StatusRequestEntityTooLarge, fmt.Sprintf("must have at most %d MB", photo.MaxBytes>>20))
}

// refusalOf returns the error for a photo that could not be made.
func refusalOf(err error) error {
	var refused *photo.Error
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Kind == photo.Unknown:
		return badPhoto(http.StatusUnsupportedMediaType, refused.Reason)
	}
	return badPhoto(http.StatusUnprocessableEntity, refused.Reason)
}
