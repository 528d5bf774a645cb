package photos_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

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

// TestHandler_BodyTakesWhatIsReserved sends bodies with and without their length. None takes more memory than it has a turn for.
func TestHandler_BodyTakesWhatIsReserved(t *testing.T) {
	t.Parallel()
	handler := photos.NewHandler(photos.Config{RequestTimeout: time.Minute})
	for name, test := range map[string]struct {
		body             io.Reader
		length, reserved int
	}{
		"with its length":    {bytes.NewReader(make([]byte, 5_000_000)), 5_000_000, 5_000_000},
		"without its length": {io.MultiReader(bytes.NewReader(make([]byte, 5_000_000))), 5_000_000, photo.MaxBytes},
		"the largest":        {io.MultiReader(bytes.NewReader(make([]byte, photo.MaxBytes))), photo.MaxBytes, photo.MaxBytes},
	} {
		var body []byte
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var err error
			if body, err = handler.ReadBody(w, r, int64(test.reserved)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}))
		response, err := server.Client().Post(server.URL, "", test.body)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		server.Close()
		// The buffer is that of the begin, if it is as large as that.
		if most := test.reserved + 2*bytes.MinRead + 8192; len(body) != test.length || cap(body) < test.reserved || cap(body) > most {
			t.Errorf("%s: %d bytes in a buffer of %d, want %d in one of %d", name, len(body), cap(body), test.length, test.reserved)
		}
	}
}
