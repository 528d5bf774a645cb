package e2e

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
)

// balancer sends requests to replicas in turn, as a load balancer does: only to those that
// have said lately that they are ready.
type balancer struct {
	replicas []*harness.Replica
	ready    []atomic.Bool
	turn     atomic.Uint64
}

// probe asks a replica for its readiness until ctx is done.
func (b *balancer) probe(ctx context.Context, i int) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		b.ready[i].Store(b.replicas[i].IsOK(ctx, "/health/ready"))
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// next returns the replica for the next request.
func (b *balancer) next() (*harness.Replica, bool) {
	turn := b.turn.Add(1)
	for offset := range uint64(len(b.replicas)) {
		if i := (turn + offset) % uint64(len(b.replicas)); b.ready[i].Load() {
			return b.replicas[i], true
		}
	}
	return nil, false
}

// TestShutdown_RollingRestart restarts two replicas in turn, ten times, while members send
// queries and mutations through a load balancer. No request fails.
func TestShutdown_RollingRestart(t *testing.T) {
	t.Parallel()
	program := env.Program(t)
	c := env.Config
	c.Listen.ShutdownDelay = 2 * time.Second // Far more than between two probes, on a busy machine too.
	b := &balancer{replicas: []*harness.Replica{env.StartReplica(t, program, c), env.StartReplica(t, program, c)}, ready: make([]atomic.Bool, 2)}
	owner := env.NewMember(t, "Owner")
	cat := env.NewCat(t, owner)

	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for i := range b.replicas {
		running.Go(func() { b.probe(ctx, i) })
	}
	awaitReady := func(i int) {
		harness.Await(t, "the load balancer to see that a replica is ready", b.ready[i].Load)
	}
	awaitReady(0)
	awaitReady(1)

	var sent, failed atomic.Int64
	send := func(query string) {
		replica, ok := b.next()
		if !ok {
			failed.Add(1)
			t.Error("no replica is ready")
			return
		}
		response, err := replica.TryQuery(context.WithoutCancel(ctx), owner.Token, query, nil)
		sent.Add(1)
		if err != nil || response.Code() != "OK" {
			failed.Add(1)
			t.Errorf("%.20s… at %s: %v %s", query, replica.URL, err, response.Code())
		}
	}
	for worker := range 4 {
		query := `{ me { id } }`
		if worker == 0 {
			query = editCat(cat)
		}
		running.Go(func() {
			tick := time.NewTicker(50 * time.Millisecond) // Without a pause four of them would keep two processors busy.
			defer tick.Stop()
			for ctx.Err() == nil && failed.Load() < 10 {
				send(query)
				<-tick.C
			}
		})
	}
	const restarts = 10
	for range restarts {
		for i, replica := range b.replicas {
			replica.Signal(t, syscall.SIGTERM)
			if state := replica.Wait(t); state.ExitCode() != 0 {
				t.Errorf("a replica ends with %s, want 0", state)
			}
			harness.Await(t, "the load balancer to see that a replica has ended", func() bool { return !b.ready[i].Load() })
			replica.Start(t)
			awaitReady(i)
		}
	}
	stop()
	running.Wait()
	if sent.Load() < 2*restarts {
		t.Errorf("only %d requests were sent during %d restarts", sent.Load(), 2*restarts)
	}
	t.Logf("%d of %d requests failed during %d restarts of two replicas", failed.Load(), sent.Load(), restarts)
}

// TestShutdown_Order follows one replica from the signal to its end, with a request that
// is waiting for Keto.
func TestShutdown_Order(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	cat := env.NewCat(t, owner)
	c := env.Config
	ketoProxy := harness.NewProxy(t, c.Keto.PublicURL)
	asked, answer := make(chan struct{}, 1), make(chan struct{})
	c.Keto.PublicURL = ketoProxy.URL
	c.Listen.ShutdownDelay = 2 * time.Second
	replica := env.StartReplica(t, env.Program(t), c)
	ketoProxy.Intercept(func(_ http.ResponseWriter, r *http.Request, _ []byte) bool {
		if strings.Contains(r.URL.RawQuery, cat.String()) {
			select {
			case asked <- struct{}{}:
			default:
			}
			<-answer
		}
		return false
	})

	internal := func() error {
		request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, replica.InternalURL+"/metrics", http.NoBody)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			err = response.Body.Close()
		}
		return err
	}

	// The request begins while the replica is stopping, and ends after the listeners have
	// been closed.
	replica.Signal(t, syscall.SIGTERM)
	harness.Await(t, "the replica to say that it is not ready", func() bool {
		status, body := replica.Get(t, "/health/ready")
		return status == http.StatusServiceUnavailable && strings.Contains(body, "stopping")
	})
	if status, _ := replica.Get(t, "/health/alive"); status != http.StatusOK {
		t.Errorf("a replica that is stopping is not alive: %d", status)
	}
	result := make(chan string, 1)
	go func() {
		response, err := replica.TryQuery(context.WithoutCancel(t.Context()), owner.Token, editCat(cat), nil)
		result <- fmt.Sprint(response.Code(), " ", err)
	}()
	<-asked
	harness.Await(t, "the replica to accept no more connections", func() bool {
		var dialer net.Dialer
		connection, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(replica.URL, "http://"))
		if err != nil {
			return errors.Is(err, syscall.ECONNREFUSED)
		}
		_ = connection.Close()
		return false
	})
	if err := internal(); err != nil {
		t.Errorf("while a request is finished, which may call Kratos and so a webhook: %v", err)
	}
	close(answer)
	if got := <-result; got != "OK <nil>" {
		t.Errorf("the request under way: %s, want OK", got)
	}
	if state := replica.Wait(t); state.ExitCode() != 0 {
		t.Errorf("the replica ends with %s, want 0", state)
	}
	// The lines of the access log are written with a delay.
	if log := replica.Log(); !strings.Contains(log, `"type":"mutation"`) {
		t.Errorf("the log has no line about the request under way:\n%s", log)
	}
}

func editCat(cat uuid.UUID) string {
	return fmt.Sprintf(`mutation { updateCatProfile(id: %q, input: {age: 4}) { id } }`, cat)
}

func TestShutdown_SecondSignal(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Listen.ShutdownDelay = 5 * time.Minute
	replica := env.StartReplica(t, env.Program(t), c)
	replica.Signal(t, syscall.SIGTERM)
	harness.Await(t, "the replica to say that it is not ready", func() bool {
		_, body := replica.Get(t, "/health/ready")
		return strings.Contains(body, "stopping")
	})
	replica.Signal(t, syscall.SIGTERM)
	state := replica.Wait(t)
	if status, ok := state.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGTERM {
		t.Errorf("the replica ends with %s, want the second signal to end it", state)
	}
}
