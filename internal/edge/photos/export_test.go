package photos

import (
	"context"
	"net/http"
	"time"

	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
)

// Make makes a photo of a body that has arrived.
func (h *Handler) Make(ctx context.Context, call *ratelimit.Call, body []byte) (*photo.Photo, error) {
	return h.make(ctx, call, body)
}

// Due returns when more of a body of a size must arrive.
func Due(arrived, size int64) time.Duration { return timeFor(arrived, speedOf(size), bodyTime) }

// ReadBody reads a body that has its turn.
func (h *Handler) ReadBody(w http.ResponseWriter, r *http.Request, size int64) ([]byte, error) {
	return h.readBody(w, r, size)
}
