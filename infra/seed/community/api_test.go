package community

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestAPI_UploadWaits uploads a photo to an API that twice asks to try again later.
func TestAPI_UploadWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if asked.Add(1) < 3 {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write([]byte(`{"id": "a photo"}`))
		})
		a := newAPI("http://api")
		a.http.Transport = roundTripper(func(r *http.Request) *http.Response {
			recorded := httptest.NewRecorder()
			answer.ServeHTTP(recorded, r)
			return recorded.Result()
		})
		began := time.Now()
		id, err := a.upload(t.Context(), "token", []byte("photo"))
		if took := time.Since(began); id != "a photo" || err != nil || took < 14*time.Second {
			t.Errorf("the upload returns %q, %v after %s, want the photo after 14 s", id, err, took)
		}
	})
}

// roundTripper answers requests without a network.
type roundTripper func(*http.Request) *http.Response

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r), nil }
