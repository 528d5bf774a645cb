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

// service is a round tripper with a fixed answer that counts its calls.
type service struct {
	status int
	err    error
	calls  int
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	s.calls++
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

func TestTransport_OpensAndCloses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer service
		want   int // calls that reach the service, of twenty
	}{
		"connection fails":       {service{err: io.ErrUnexpectedEOF}, 3},
		"deadline exceeded":      {service{err: context.DeadlineExceeded}, 3},
		"status 502":             {service{status: http.StatusBadGateway}, 3},
		"status 403":             {service{status: http.StatusForbidden}, 20},
		"status 200":             {service{status: http.StatusOK}, 20},
		"call canceled":          {service{err: context.Canceled}, 20},
		"call canceled, wrapped": {service{err: errors.Join(errors.New("net/http: request canceled"), context.Canceled)}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				one := test.answer
				transport := breaker.NewTransport(&one, slog.New(slog.DiscardHandler))
				for range 20 {
					_ = call(t, transport, "one.example")
				}
				if one.calls != test.want {
					t.Errorf("%d of 20 calls reach the service, want %d", one.calls, test.want)
				}
				if open := len(transport.Open()) == 1; open != (test.want == 3) {
					t.Errorf("the breaker is open: %t, want %t", open, !open)
				}
				one = service{status: http.StatusOK}
				if err := call(t, transport, "another.example"); err != nil {
					t.Errorf("call another service: %v", err)
				}
				time.Sleep(2 * time.Second)
				for range 5 {
					if err := call(t, transport, "one.example"); err != nil {
						t.Errorf("call the service after it has recovered: %v", err)
					}
				}
			})
		})
	}
}
