package server

import (
	"testing"
	"time"
)

// TestNewHTTPServer_Timeouts compares the deadline for reading a request with that of the work on
// it. net/http cancels the work when the first has passed, and nobody would be told that the
// time is over.
func TestNewHTTPServer_Timeouts(t *testing.T) {
	t.Parallel()
	for _, requestTimeout := range []time.Duration{time.Second, 30 * time.Second, 10 * time.Minute} {
		s := newHTTPServer(requestTimeout)
		if least := s.ReadHeaderTimeout + requestTimeout; s.ReadTimeout < least {
			t.Errorf("with REQUEST_TIMEOUT=%s the work on a request is cancelled %s after its begin, want at least %s", requestTimeout, s.ReadTimeout, least)
		}
		if s.WriteTimeout <= requestTimeout {
			t.Errorf("with REQUEST_TIMEOUT=%s the answer must be written %s after the header, want some time for it", requestTimeout, s.WriteTimeout)
		}
	}
}
