package harness

import (
	"context"
	"sync"
	"testing"
	"time"
)

// awaitTimeout is long enough for a machine that is busy with other things.
const awaitTimeout = 3 * time.Minute

// Await waits until the condition is true. It fails the test after three minutes; what names
// the condition in the failure.
func Await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), awaitTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited %s for %s", awaitTimeout, what)
		case <-tick.C:
		}
	}
}

// Concurrently makes n calls at the same time and counts their results.
func Concurrently(n int, call func(i int) string) map[string]int {
	results := make([]string, n)
	var running sync.WaitGroup
	for i := range n {
		running.Go(func() { results[i] = call(i) })
	}
	running.Wait()
	counts := map[string]int{}
	for _, result := range results {
		counts[result]++
	}
	return counts
}
