package outbound_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/catfoster/catfoster/internal/platform/bounds"
	"github.com/catfoster/catfoster/internal/platform/outbound"
)

// service is a host whose calls end when it is released. It counts those in flight.
type service struct {
	inFlight, most atomic.Int64
	release        chan struct{}
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	n := s.inFlight.Add(1)
	defer s.inFlight.Add(-1)
	for {
		most := s.most.Load()
		if n <= most || s.most.CompareAndSwap(most, n) {
			break
		}
	}
	select {
	case <-s.release:
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// call calls a host and closes the body.
func call(ctx context.Context, transport http.RoundTripper, host string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host+"/", nil)
	if err != nil {
		return err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func TestQueue_CallsInFlight(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		requests, callsEach int
		want                int64
	}{
		"one request":            {1, 100, 16},
		"two requests":           {2, 100, 32},
		"more than a host takes": {10, 100, bounds.CallsToService},
		"few calls":              {3, 2, 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				keto := &service{release: make(chan struct{})}
				queue := outbound.NewQueue(keto)
				var calls sync.WaitGroup
				for range test.requests {
					ctx := outbound.LimitCalls(t.Context())
					for range test.callsEach {
						calls.Go(func() {
							if err := call(ctx, queue, "keto"); err != nil {
								t.Errorf("call: %v", err)
							}
						})
					}
				}
				synctest.Wait()
				if got := keto.inFlight.Load(); got != test.want {
					t.Errorf("%d calls are in flight, want %d", got, test.want)
				}
				close(keto.release)
				calls.Wait()
				if got := keto.most.Load(); got != test.want {
					t.Errorf("at most %d calls were in flight, want %d", got, test.want)
				}
			})
		})
	}
}

// TestQueue_Fairness has one request with thousands of calls. The call of another one is
// in flight at once.
func TestQueue_Fairness(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keto := &service{release: make(chan struct{})}
		queue := outbound.NewQueue(keto)
		var flood sync.WaitGroup
		ctx := outbound.LimitCalls(t.Context())
		for range 2000 {
			flood.Go(func() { _ = call(ctx, queue, "keto") })
		}
		synctest.Wait()
		before := keto.inFlight.Load()
		another := outbound.LimitCalls(t.Context())
		flood.Go(func() { _ = call(another, queue, "keto") })
		synctest.Wait()
		if got := keto.inFlight.Load(); got != before+1 {
			t.Errorf("%d calls are in flight, want the %d of the flood and one more", got, before)
		}
		close(keto.release)
		flood.Wait()
	})
}

func TestQueue_OneHostDoesNotDelayAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keto := &service{release: make(chan struct{})}
		queue := outbound.NewQueue(keto)
		var calls sync.WaitGroup
		for range bounds.CallsToService + 1 {
			calls.Go(func() { _ = call(t.Context(), queue, "keto") })
		}
		synctest.Wait()
		calls.Go(func() { _ = call(t.Context(), queue, "kratos") })
		synctest.Wait()
		if got := keto.inFlight.Load(); got != bounds.CallsToService+1 {
			t.Errorf("%d calls are in flight, want %d to one host and one to another", got, bounds.CallsToService)
		}
		close(keto.release)
		calls.Wait()
	})
}

func TestQueue_DeadlineWhileWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keto := &service{release: make(chan struct{})}
		queue := outbound.NewQueue(keto)
		var calls sync.WaitGroup
		for range bounds.CallsToService {
			calls.Go(func() { _ = call(t.Context(), queue, "keto") })
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := call(ctx, queue, "keto"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a call that waits too long returns %v, want its deadline", err)
		}
		close(keto.release)
		calls.Wait()
		if err := call(t.Context(), queue, "keto"); err != nil {
			t.Errorf("a call after those that have ended: %v", err)
		}
	})
}

// TestTransport_KeepsConnections makes many calls at once, twice. The second time no
// connection is opened.
func TestTransport_KeepsConnections(t *testing.T) {
	t.Parallel()
	var opened atomic.Int64
	var arrived sync.WaitGroup // of a round
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived.Done()
		arrived.Wait()
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	transport := outbound.NewTransport()
	defer transport.CloseIdleConnections()
	for range 2 {
		arrived.Add(bounds.CallsToService)
		var calls sync.WaitGroup
		for range bounds.CallsToService {
			calls.Go(func() {
				if err := call(t.Context(), transport, server.Listener.Addr().String()); err != nil {
					t.Errorf("call: %v", err)
				}
			})
		}
		calls.Wait()
	}
	if got := opened.Load(); got != bounds.CallsToService {
		t.Errorf("%d connections were opened for two rounds of %d calls, want one for each call of the first", got, bounds.CallsToService)
	}
}
