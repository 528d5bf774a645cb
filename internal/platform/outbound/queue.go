package outbound

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/internal/platform/bounds"
)

// Queue carries calls and bounds how many are in flight, per host and per request: see package
// bounds. The others wait, in the order of their arrival, until their context is done. A call is
// in flight until the body of its response is closed.
//
// The time that a call waits says nothing about the service, so a circuit breaker belongs
// behind the queue.
type Queue struct {
	next http.RoundTripper

	mu    sync.Mutex
	hosts map[string]*semaphore.Weighted
}

// NewQueue returns a queue of the calls that next carries.
func NewQueue(next http.RoundTripper) *Queue {
	return &Queue{next: next, hosts: map[string]*semaphore.Weighted{}}
}

// RoundTrip carries a call when its turn has come.
func (q *Queue) RoundTrip(r *http.Request) (*http.Response, error) {
	end, err := q.begin(r.Context(), r.URL.Host)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // A round tripper must close it. Nothing has been written.
		}
		return nil, fmt.Errorf("wait to call %s: %w", r.URL.Host, err)
	}
	response, err := q.next.RoundTrip(r)
	if err != nil {
		end()
		return nil, err
	}
	response.Body = &body{ReadCloser: response.Body, end: end}
	return response, nil
}

// begin waits for the turn of a call: first among those of its request, so that a request waits for the host with
// few calls only. The caller must call end after the call.
func (q *Queue) begin(ctx context.Context, host string) (end func(), err error) {
	ofRequest, ok := ctx.Value(contextKey{}).(*semaphore.Weighted)
	if !ok {
		ofRequest = semaphore.NewWeighted(1)
	}
	if err := ofRequest.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	ofHost := q.host(host)
	if err := ofHost.Acquire(ctx, 1); err != nil {
		ofRequest.Release(1)
		return nil, err
	}
	return sync.OnceFunc(func() { ofHost.Release(1); ofRequest.Release(1) }), nil
}

func (q *Queue) host(name string) *semaphore.Weighted {
	q.mu.Lock()
	defer q.mu.Unlock()
	slots, ok := q.hosts[name]
	if !ok {
		slots = semaphore.NewWeighted(bounds.CallsToService)
		q.hosts[name] = slots
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
	return context.WithValue(ctx, contextKey{}, semaphore.NewWeighted(bounds.CallsOfRequest))
}
