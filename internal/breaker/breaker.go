// Package breaker keeps calls from waiting for a service that does not answer: a
// few find out, and until it answers again the others are told at once.
package breaker

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
	// enough failures in a row mean that a service is away.
	enough = 3
	// again is the time after which one call tries whether it is back.
	again = time.Second
)

// errServer is an answer that counts as none.
var errServer = errors.New("the service fails")

// Transport carries calls, with a circuit breaker for every host. What counts as a
// failure is no answer, an answer that comes too late, or one above 499; that the
// caller has gone counts as nothing. Calls that are not even tried fail with
// gobreaker.ErrOpenState or ErrTooManyRequests.
type Transport struct {
	next http.RoundTripper
	log  *slog.Logger

	mu    sync.Mutex
	hosts map[string]*gobreaker.CircuitBreaker[*http.Response]
}

// NewTransport returns a transport over another one; nil for the usual one.
func NewTransport(next http.RoundTripper, log *slog.Logger) *Transport {
	if next == nil {
		next = http.DefaultTransport
	}
	return &Transport{next: next, log: log, hosts: map[string]*gobreaker.CircuitBreaker[*http.Response]{}}
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.of(r.URL.Host).Execute(func() (*http.Response, error) {
		response, err := t.next.RoundTrip(r)
		if err == nil && response.StatusCode >= http.StatusInternalServerError {
			return response, errServer
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

// Away lists the hosts that are not called at the moment.
func (t *Transport) Away() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var away []string
	for host, b := range t.hosts {
		if b.State() != gobreaker.StateClosed {
			away = append(away, host)
		}
	}
	return away
}

func (t *Transport) of(host string) *gobreaker.CircuitBreaker[*http.Response] {
	t.mu.Lock()
	defer t.mu.Unlock()
	b, known := t.hosts[host]
	if !known {
		b = gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{
			Name:        host,
			Timeout:     again,
			ReadyToTrip: func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= enough },
			IsExcluded:  func(err error) bool { return errors.Is(err, context.Canceled) },
			OnStateChange: func(host string, _, state gobreaker.State) {
				switch state {
				case gobreaker.StateOpen:
					t.log.Warn("service does not answer", "host", host)
				case gobreaker.StateClosed:
					t.log.Info("service answers again", "host", host)
				case gobreaker.StateHalfOpen: // One call finds out.
				}
			},
		})
		t.hosts[host] = b
	}
	return b
}
