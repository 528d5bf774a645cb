package graph

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
)

func TestTurns_Wait(t *testing.T) {
	t.Parallel()
	withComplexity := func(n int) *graphql.OperationContext {
		operation := new(graphql.OperationContext)
		operation.Stats.SetExtension(extension.ComplexityLimit{}.ExtensionName(), &extension.ComplexityStats{Complexity: n})
		return operation
	}
	turns := newTurns()
	var end func()
	for i := range maxExpensive {
		var err error
		if end, err = turns.wait(t.Context(), withComplexity(expensive)); err != nil || end == nil {
			t.Fatalf("turn %d: %v", i, err)
		}
	}
	if end, err := turns.wait(t.Context(), withComplexity(expensive-1)); err != nil || end != nil {
		t.Errorf("a cheap operation waits for a turn: %v", err)
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := turns.wait(short, withComplexity(expensive)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("one expensive operation too many: %v, want it to wait until its deadline", err)
	}
	end()
	if _, err := turns.wait(t.Context(), withComplexity(expensive)); err != nil {
		t.Errorf("an expensive operation after the turn of another one: %v", err)
	}
}
