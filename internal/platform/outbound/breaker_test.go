package outbound_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/catfoster/catfoster/internal/platform/outbound"
)

// answering is a round tripper with a fixed answer that counts its calls.
type answering struct {
	status int
	err    error
	takes  time.Duration // if not zero, the time until the answer
	calls  int
}

func (s *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	s.calls++
	if s.takes > 0 {
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(s.takes):
		}
	}
	if s.err != nil {
		return nil, s.err
	}
	return &http.Response{StatusCode: s.status, Body: http.NoBody, Request: r}, nil
}

func callHost(t *testing.T, transport http.RoundTripper, host string) error {
	t.Helper()
	return callContext(t.Context(), t, transport, host)
}

func callContext(ctx context.Context, t *testing.T, transport http.RoundTripper, host string) error {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/", nil)
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

func TestBreaker_OpensAndCloses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer answering
		want   int // calls that reach the service, of twenty
	}{
		"connection fails":       {answering{err: io.ErrUnexpectedEOF}, 3},
		"deadline exceeded":      {answering{err: context.DeadlineExceeded, takes: 5 * time.Second}, 3},
		"deadline left no time":  {answering{err: context.DeadlineExceeded, takes: time.Second}, 20},
		"status 502":             {answering{status: http.StatusBadGateway}, 3},
		"status 403":             {answering{status: http.StatusForbidden}, 20},
		"status 200":             {answering{status: http.StatusOK}, 20},
		"call canceled":          {answering{err: context.Canceled}, 20},
		"call canceled, wrapped": {answering{err: errors.Join(errors.New("net/http: request canceled"), context.Canceled)}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				one := test.answer
				transport := outbound.NewBreaker(&one, slog.New(slog.DiscardHandler))
				for range 20 {
					_ = callHost(t, transport, "one.example")
				}
				if one.calls != test.want {
					t.Errorf("%d of 20 calls reach the service, want %d", one.calls, test.want)
				}
				if open := len(transport.Open()) == 1; open != (test.want == 3) {
					t.Errorf("the breaker is open: %t, want %t", open, !open)
				}
				one = answering{status: http.StatusOK}
				if err := callHost(t, transport, "another.example"); err != nil {
					t.Errorf("call another service: %v", err)
				}
				time.Sleep(2 * time.Second)
				for range 5 {
					if err := callHost(t, transport, "one.example"); err != nil {
						t.Errorf("call the service after it has recovered: %v", err)
					}
				}
			})
		})
	}
}

func TestBreaker_CallersDeadline(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		timeout time.Duration
		calls   int // that reach the service, of ten
		open    bool
	}{
		"passed before the call":         {0, 0, false},
		"leaves the service little time": {time.Second, 10, false},
		"leaves the service enough time": {5 * time.Second, 3, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				slow := answering{status: http.StatusOK, takes: time.Minute}
				transport := outbound.NewBreaker(&slow, slog.New(slog.DiscardHandler))
				for i := range 10 {
					ctx, cancel := context.WithTimeout(t.Context(), test.timeout)
					err := callContext(ctx, t, transport, "slow.example")
					if err == nil || !test.open && !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("call %d: %v, want the end of the deadline", i, err)
					}
					cancel()
				}
				if slow.calls != test.calls {
					t.Errorf("%d of 10 calls reach the service, want %d", slow.calls, test.calls)
				}
				if open := len(transport.Open()) == 1; open != test.open {
					t.Errorf("the breaker is open: %t, want %t", open, test.open)
				}
			})
		})
	}
}
