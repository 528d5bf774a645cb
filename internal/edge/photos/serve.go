package photos

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/photostore"
)

const (
	// filePoints is what a photo costs its reader: a statement, and a file.
	filePoints = 10
	// fileTime is the time to read the largest photo, which may be in memory until then.
	fileTime = 30 * time.Second
)

// Serve serves a photo to a member who may see it. It never changes, so that browsers need not ask again.
func (h *Handler) Serve(w http.ResponseWriter, r *http.Request) {
	if err := h.serve(w, r); err != nil {
		h.refuse(w, r, err)
	}
}

func (h *Handler) serve(w http.ResponseWriter, r *http.Request) error {
	ctx, call, viewer, err := h.begin(w, r, func(c ratelimit.Caller) (*ratelimit.Call, *ratelimit.Refusal) {
		return h.Limiter.BeginFile(c, filePoints)
	})
	defer call.End()
	if err != nil {
		return err
	}
	name := strings.TrimPrefix(r.URL.Path, photo.Path)
	id, size, ok := photo.ParseName(name)
	if !ok {
		return apperr.ErrNotFound
	}
	if err := call.WaitFile(ctx); err != nil {
		return err
	}
	if err := h.files.Acquire(ctx, 1); err != nil {
		return err
	}
	defer h.files.Release(1)
	visible, err := h.Photos.Visible(ctx, viewer.ID, id)
	switch {
	case err != nil:
		return err
	case !visible:
		return apperr.ErrNotFound
	}
	file, err := h.Files.Open(ctx, name)
	switch {
	case errors.Is(err, photostore.ErrNotFound): // It has been deleted just now, or has been lost.
		h.Log.WarnContext(ctx, "a photo has no file: see catfoster photos verify", "photo", id, "size", size)
		return apperr.ErrNotFound
	case err != nil:
		return unavailable(err)
	}
	defer file.Close()
	header := w.Header()
	header.Set("Content-Type", "image/jpeg")
	header.Set("Cache-Control", "private, max-age=31536000, immutable")
	header.Set("ETag", `"`+string(size)+`"`) // A photo never changes, and is another one by its address.
	// It fails only where there is no connection, as in tests.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeFor(file.Size(), leastReading, fileTime)))
	http.ServeContent(w, r, "", file.Modified(), file)
	return nil
}
