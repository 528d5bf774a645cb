package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/internal/edge/ratelimit"
)

const (
	// expensive is the complexity from which operations wait for a turn: more than twenty cats
	// with everything about them.
	expensive = 2000
	// maxExpensive is how many expensive operations are executed at the same time. Each may load
	// and write some megabytes, and a machine answers no more of them by working on more at once.
	maxExpensive = 4
)

// turns bounds how many expensive operations a server executes at the same time, and with that
// the memory and the connections to Postgres that they take together. The others wait, in the
// order of their arrival, until their deadline.
type turns struct {
	slots *semaphore.Weighted
}

func newTurns() turns { return turns{semaphore.NewWeighted(maxExpensive)} }

// wait waits for the turn of an operation, first among those of the same caller: nobody fills the
// queue of all. The caller must call end, unless it is nil, after the answer has been written,
// because it is in memory until then.
func (t turns) wait(ctx context.Context, operation *graphql.OperationContext) (end func(), err error) {
	limit := extension.ComplexityLimit{}
	stats, _ := operation.Stats.GetExtension(limit.ExtensionName()).(*extension.ComplexityStats)
	if stats == nil || stats.Complexity < expensive {
		return nil, nil
	}
	if call := ratelimit.CallOf(ctx); call != nil {
		if err := call.WaitExpensive(ctx); err != nil {
			return nil, err
		}
	}
	if err := t.slots.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	return func() { t.slots.Release(1) }, nil
}
