package photostore_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/catfoster/catfoster/internal/platform/photostore"
)

// calls returns the errors of all calls to a storage.
func calls(ctx context.Context, storage photostore.Storage) map[string]error {
	_, opened := storage.Open(ctx, card)
	return map[string]error{
		"Open": opened, "Put": storage.Put(ctx, card, []byte("a card")), "Delete": storage.Delete(ctx, card),
		"List": storage.List(ctx, func(string, time.Time) error { return nil }),
	}
}

// TestBucket_DoesNotHang checks that calls end in time if the bucket accepts connections and says nothing, and if
// it stops in the middle of an answer.
func TestBucket_DoesNotHang(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	stopped := make(chan struct{})
	stopping := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		fmt.Fprint(w, "<")
		w.(http.Flusher).Flush()
		<-stopped
	}))
	t.Cleanup(stopping.Close)
	t.Cleanup(func() { close(stopped) })
	for kind, address := range map[string]string{"silent": silent.Addr().String(), "stopping": stopping.Listener.Addr().String()} {
		storage := open(t, "s3://key:hidden@"+address+"/cats?region=eu-central-1&insecure=true")
		photostore.SetTimeout(storage, 50*time.Millisecond)
		for call, err := range calls(t.Context(), storage) {
			// A PUT and a DELETE need nothing but the header of the answer.
			if err == nil && (kind == "silent" || call == "Open" || call == "List") {
				t.Errorf("%s has no error with a %s bucket", call, kind)
			}
		}
	}
}

// TestBucket_Errors checks what becomes of answers, and that no error has a key.
func TestBucket_Errors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status   int
		code     string
		notFound bool
	}{
		"no object":  {http.StatusNotFound, "NoSuchKey", true},
		"no bucket":  {http.StatusNotFound, "NoSuchBucket", false},
		"wrong keys": {http.StatusForbidden, "InvalidAccessKeyId", false},
		"an outage":  {http.StatusServiceUnavailable, "SlowDown", false},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(test.status)
			fmt.Fprintf(w, "<Error><Code>%s</Code><AWSAccessKeyId>theKey</AWSAccessKeyId></Error>", test.code)
		}))
		t.Cleanup(server.Close)
		storage := open(t, "s3://theKey:hidden@"+server.Listener.Addr().String()+"/cats?region=eu-central-1&insecure=true")
		photostore.SetTimeout(storage, 5*time.Second)
		for call, err := range calls(t.Context(), storage) {
			if got := errors.Is(err, photostore.ErrNotFound); got != (test.notFound && call == "Open") {
				t.Errorf("%s: the error of %s is %v", name, call, err)
			}
			if err == nil && !test.notFound {
				t.Errorf("%s: %s has no error", name, call)
			}
			if err != nil && (strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "theKey")) {
				t.Errorf("%s: the error of %s has a key: %v", name, call, err)
			}
		}
	}
}

// TestBucket_BoundsConnections counts the requests that a bucket sees at a time.
func TestBucket_BoundsConnections(t *testing.T) {
	t.Parallel()
	const most, callers = 16, 40
	var counting sync.Mutex
	now, highest := 0, 0
	count := func(change int) {
		counting.Lock()
		defer counting.Unlock()
		if now += change; now > highest {
			highest = now
		}
	}
	arrived, release := make(chan struct{}, callers), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		count(1)
		defer count(-1)
		arrived <- struct{}{}
		<-release
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(server.Close)
	storage := open(t, bucketAddress(server))
	var done sync.WaitGroup
	for range callers {
		done.Go(func() {
			if err := storage.Delete(t.Context(), card); err != nil {
				t.Errorf("delete: %v", err)
			}
		})
	}
	for range most {
		<-arrived
	}
	close(release)
	done.Wait()
	if highest != most {
		t.Errorf("the bucket sees %d requests at a time, want %d", highest, most)
	}
}
