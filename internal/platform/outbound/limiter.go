package outbound

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"golang.org/x/sync/semaphore"
)

// maxPerRequest is how many calls one request of a client has in flight. A single request
// gains nothing from more, and leaves most of a service to the others.
const maxPerRequest = 16

// Limiter carries calls and bounds how many are in flight: [MaxInFlight] per host, and few
// per request. The others wait, in the order of their arrival, until their context is done.
// A call is in flight until the body of its response is closed.
//
// The time that a call waits says nothing about the service, so a circuit breaker belongs
// behind the limiter.
type Limiter struct {
	next http.RoundTripper

	mu    sync.Mutex
	hosts map[string]*semaphore.Weighted
}

// NewLimiter returns a limiter of the calls that next carries.
func NewLimiter(next http.RoundTripper) *Limiter {
	return &Limiter{next: next, hosts: map[string]*semaphore.Weighted{}}
}

// RoundTrip carries a call when its turn has come.
func (l *Limiter) RoundTrip(r *http.Request) (*http.Response, error) {
	end, err := l.begin(r)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // A round tripper must close it. Nothing has been written.
		}
		return nil, fmt.Errorf("wait to call %s: %w", r.URL.Host, err)
	}
	response, err := l.next.RoundTrip(r)
	if err != nil {
		end()
		return nil, err
	}
	response.Body = &body{ReadCloser: response.Body, end: end}
	return response, nil
}

// begin waits for the turn of a call. The caller must call end after the call.
func (l *Limiter) begin(r *http.Request) (end func(), err error) {
	ctx := r.Context()
	slots := []*semaphore.Weighted{l.host(r.URL.Host)}
	if request, ok := ctx.Value(contextKey{}).(*semaphore.Weighted); ok {
		// First its own limit, so that a request waits for the host with few calls only.
		slots = []*semaphore.Weighted{request, slots[0]}
	}
	for i, slot := range slots {
		if err := slot.Acquire(ctx, 1); err != nil {
			release(slots[:i])
			return nil, err
		}
	}
	return sync.OnceFunc(func() { release(slots) }), nil
}

func release(slots []*semaphore.Weighted) {
	for _, slot := range slots {
		slot.Release(1)
	}
}

func (l *Limiter) host(name string) *semaphore.Weighted {
	l.mu.Lock()
	defer l.mu.Unlock()
	slots, ok := l.hosts[name]
	if !ok {
		slots = semaphore.NewWeighted(MaxInFlight)
		l.hosts[name] = slots
	}
	return slots
}

// body ends its call when it is closed.
type body struct {
	io.ReadCloser
	end func()
}

func (b *body) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}

type contextKey struct{}

// LimitCalls returns the context of a request whose calls are bounded.
func LimitCalls(ctx context.Context) context.Context {
	return context.WithValue(ctx, contextKey{}, semaphore.NewWeighted(maxPerRequest))
}
