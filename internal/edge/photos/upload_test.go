package photos_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/edge/photos"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/platform/config"
)

// TestHandler_DecodesOneOfCaller holds the turn of a member. Another photo of the member waits; that of somebody else does not.
func TestHandler_DecodesOneOfCaller(t *testing.T) {
	t.Parallel()
	var upload bytes.Buffer
	if err := jpeg.Encode(&upload, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	handler := photos.NewHandler(photos.Config{Maker: photo.NewMaker(photo.MaxMemory)})
	limiter := ratelimit.NewLimiter(config.RateLimit{Points: 10, Anonymous: 5, Burst: 1000, InFlight: 3, Streams: 2})
	begin := func(member uuid.UUID) *ratelimit.Call {
		call, refused := limiter.Begin(ratelimit.Caller{Member: member}, 1)
		if refused != nil {
			t.Fatal(refused.Reason)
		}
		t.Cleanup(call.End)
		return call
	}
	ada := uuid.New()
	if err := begin(ada).WaitDecoding(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := handler.Make(t.Context(), begin(uuid.New()), upload.Bytes()); err != nil {
		t.Errorf("a photo of somebody else: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := handler.Make(ended, begin(ada), []byte("no photo")); !errors.Is(err, context.Canceled) {
		t.Errorf("a second photo: %v, want it to wait, and not to be read", err)
	}
}
