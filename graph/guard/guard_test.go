package guard

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/catfoster/catfoster/internal/platform/bounds"
)

// TestGuard_Execute has two of the most complex operations under way. Only cheap ones go on beside them.
func TestGuard_Execute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := New(nil, Registered{}, false, 1)
		// execute executes an operation until the channel is closed, and reports whether it was executed within a second.
		execute := func(complexity int, until chan struct{}) bool {
			operation := new(graphql.OperationContext)
			operation.Stats.SetExtension(g.ExtensionName(), complexity)
			ctx, cancel := context.WithTimeout(graphql.WithOperationContext(t.Context(), operation), time.Second)
			defer cancel()
			ctx = graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, graphql.DefaultRecover)
			response := g.execute(ctx, func(context.Context) *graphql.Response {
				<-until
				return &graphql.Response{}
			})
			return len(response.Errors) == 0
		}
		under, ended := make(chan struct{}), make(chan struct{})
		close(ended)
		for range 2 {
			go execute(bounds.ComplexityOfOperation, under)
		}
		synctest.Wait()
		if !execute(bounds.Cheap-1, ended) {
			t.Error("a cheap operation waits")
		}
		if execute(bounds.Cheap, ended) {
			t.Error("an operation is executed beside two of the most complex ones")
		}
		close(under)
		synctest.Wait()
		if !execute(bounds.ComplexityOfOperation, ended) {
			t.Error("an operation waits for others that have ended")
		}
	})
}
