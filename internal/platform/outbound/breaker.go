package outbound

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"
)

const (
	// maxFailures failures in a row open the breaker.
	maxFailures = 3
	// retryAfter is how long an open breaker waits before it lets one call try again.
	retryAfter = time.Second
	// fairTime is how long a service must have had to answer for a missed deadline to
	// count as its failure. Calls to Kratos and Keto have five seconds.
	fairTime = 4 * time.Second
)

var (
	// errServer marks a response with a status of 500 or above as a failure.
	errServer = errors.New("the service fails")
	// errEarlyDeadline marks a call whose deadline passed before fairTime.
	errEarlyDeadline = errors.New("the deadline left the service too little time")
)

// Breaker carries calls, with a circuit breaker for every host. A failure is a call
// without a response, a response after the deadline, or a status of 500 or above.
//
// A call that the caller cancels is neither a failure nor a success. The same holds for a
// call whose deadline left the service less than four seconds: the caller used up its
// time before, which says nothing about the service. A call whose context is already done
// is not sent.
//
// Calls that an open breaker refuses fail with [gobreaker.ErrOpenState] or
// [gobreaker.ErrTooManyRequests].
type Breaker struct {
	next http.RoundTripper
	log  *slog.Logger

	mu    sync.Mutex
	hosts map[string]*gobreaker.CircuitBreaker[*http.Response]
}

// NewBreaker returns a transport that carries calls over next; nil means
// [http.DefaultTransport].
func NewBreaker(next http.RoundTripper, log *slog.Logger) *Breaker {
	if next == nil {
		next = http.DefaultTransport
	}
	return &Breaker{next: next, log: log, hosts: map[string]*gobreaker.CircuitBreaker[*http.Response]{}}
}

// RoundTrip carries a call unless the breaker of its host is open.
func (t *Breaker) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // A round tripper must close it. Nothing has been written.
		}
		return nil, fmt.Errorf("call %s: %w", r.URL.Host, err)
	}
	response, err := t.breaker(r.URL.Host).Execute(func() (*http.Response, error) {
		sent := time.Now()
		response, err := t.next.RoundTrip(r)
		switch {
		case err == nil && response.StatusCode >= http.StatusInternalServerError:
			return response, errServer
		case errors.Is(err, context.DeadlineExceeded) && time.Since(sent) < fairTime:
			return nil, fmt.Errorf("%w: %w", errEarlyDeadline, err)
		}
		return response, err
	})
	switch {
	case errors.Is(err, errServer):
		return response, nil
	case err != nil:
		return nil, fmt.Errorf("call %s: %w", r.URL.Host, err)
	}
	return response, nil
}

// Open lists the hosts whose breaker is not closed.
func (t *Breaker) Open() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var open []string
	for host, b := range t.hosts {
		if b.State() != gobreaker.StateClosed {
			open = append(open, host)
		}
	}
	return open
}

func (t *Breaker) breaker(host string) *gobreaker.CircuitBreaker[*http.Response] {
	t.mu.Lock()
	defer t.mu.Unlock()
	b, ok := t.hosts[host]
	if !ok {
		b = gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{
			Name:        host,
			Timeout:     retryAfter,
			ReadyToTrip: func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= maxFailures },
			IsExcluded: func(err error) bool {
				return errors.Is(err, context.Canceled) || errors.Is(err, errEarlyDeadline)
			},
			OnStateChange: func(host string, _, state gobreaker.State) {
				switch state {
				case gobreaker.StateOpen:
					t.log.Warn("service does not answer", "host", host)
				case gobreaker.StateClosed:
					t.log.Info("service answers again", "host", host)
				case gobreaker.StateHalfOpen: // One call tries.
				}
			},
		})
		t.hosts[host] = b
	}
	return b
}
