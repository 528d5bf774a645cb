package breaker_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/catfoster/catfoster/internal/breaker"
)

// service answers as it is told to, and counts who has asked.
type service struct {
	status int
	err    error
	asked  int
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked++
	if s.err != nil {
		return nil, s.err
	}
	return &http.Response{StatusCode: s.status, Body: http.NoBody, Request: r}, nil
}

func call(t *testing.T, transport http.RoundTripper, host string) error {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		err = response.Body.Close()
	}
	return err
}

func TestADeadServiceIsNoticedOnceAndAgainWhenItReturns(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		dead  service
		asked int // how often a dead one is, by twenty calls
	}{
		"it cannot be reached":   {service{err: io.ErrUnexpectedEOF}, 3},
		"it takes too long":      {service{err: context.DeadlineExceeded}, 3},
		"it fails":               {service{status: http.StatusBadGateway}, 3},
		"it refuses":             {service{status: http.StatusForbidden}, 20},
		"it answers":             {service{status: http.StatusOK}, 20},
		"the caller has gone":    {service{err: context.Canceled}, 20},
		"the caller really left": {service{err: errors.Join(errors.New("net/http: request canceled"), context.Canceled)}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				one := test.dead
				transport := breaker.NewTransport(&one, slog.New(slog.DiscardHandler))
				for range 20 {
					_ = call(t, transport, "one.example")
				}
				if one.asked != test.asked {
					t.Errorf("%s: twenty calls ask it %d times, want %d", name, one.asked, test.asked)
				}
				if away := len(transport.Away()) == 1; away != (test.asked == 3) {
					t.Errorf("%s: it is away: %t", name, away)
				}
				one = service{status: http.StatusOK}
				if err := call(t, transport, "another.example"); err != nil {
					t.Errorf("%s: another service: %v", name, err)
				}
				time.Sleep(2 * time.Second)
				for range 5 {
					if err := call(t, transport, "one.example"); err != nil {
						t.Errorf("%s: after it has come back: %v", name, err)
					}
				}
			})
		})
	}
}
