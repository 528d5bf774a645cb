package harness

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/outbound"
	"github.com/catfoster/catfoster/internal/platform/requestid"
)

// Cost is how many calls to other services one request has caused.
type Cost struct {
	SQL    int // statements, without those that begin and end transactions
	Kratos int
	Keto   int
}

// CostOf returns what the request of a response has cost. It knows the requests to
// servers in this process, not those to a Replica.
func (e *Environment) CostOf(r Response) Cost {
	return e.calls.of(r.RequestID())
}

// callCounter counts the servers' calls to other services by the id of the request that
// caused them.
type callCounter struct {
	mu    sync.Mutex
	costs map[string]*Cost
}

func newCallCounter() *callCounter { return &callCounter{costs: map[string]*Cost{}} }

func (c *callCounter) count(ctx context.Context, add func(*Cost)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := requestid.Of(ctx)
	if c.costs[id] == nil {
		c.costs[id] = &Cost{}
	}
	add(c.costs[id])
}

func (c *callCounter) of(id string) Cost {
	c.mu.Lock()
	defer c.mu.Unlock()
	if found := c.costs[id]; found != nil {
		return *found
	}
	return Cost{}
}

// statement counts SQL statements. Ent also reports the beginning and the end of
// transactions: those are not counted.
func (c *callCounter) statement(ctx context.Context, message ...any) {
	if strings.Contains(fmt.Sprint(message...), "query=") {
		c.count(ctx, func(cost *Cost) { cost.SQL++ })
	}
}

// transport counts calls to Kratos and Keto.
func (c *callCounter) transport(to config.Config) http.RoundTripper {
	var kratos string
	if u, err := url.Parse(to.Kratos.PublicURL); err == nil {
		kratos = u.Host
	}
	next := outbound.NewTransport()
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		c.count(r.Context(), func(cost *Cost) {
			if r.URL.Host == kratos {
				cost.Kratos++
			} else {
				cost.Keto++
			}
		})
		return next.RoundTrip(r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
