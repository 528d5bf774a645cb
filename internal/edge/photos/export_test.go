package photos

import (
	"context"

	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
)

// Make makes a photo of a body that has arrived.
func (h *Handler) Make(ctx context.Context, call *ratelimit.Call, body []byte) (*photo.Photo, error) {
	return h.make(ctx, call, body)
}
