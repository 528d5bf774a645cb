package e2e

import (
	"strings"
	"testing"
	"time"
)

// reconcileRepeatedly repairs again and again until the run is over: a reconciliation must
// not damage what servers change at the same time.
func (c *chaos) reconcileRepeatedly(t *testing.T) {
	t.Helper()
	for c.pause(500 * time.Millisecond) {
		c.program.Run(t, c.stack.Config, "reconcile") // It fails while a service is unreachable.
	}
}

// dryRunRepeatedly compares every second until the run is over. A difference that a dry
// run reports must still be there five seconds later.
func (c *chaos) dryRunRepeatedly(t *testing.T) {
	t.Helper()
	for c.pause(time.Second) {
		result, output := c.dryRun(t)
		if result != differs {
			continue
		}
		const confirmationTime = 5 * time.Second
		confirmed, second := undecided, ""
		for confirmed == undecided && t.Context().Err() == nil {
			select {
			case <-t.Context().Done():
			case <-time.After(confirmationTime):
				confirmed, second = c.dryRun(t)
			}
		}
		if confirmed == equal {
			c.ledger.violate(unconfirmed, "a dry run prints %q, and the next one %q", output, second)
		}
	}
}

// pause waits. It returns false if the run is over.
func (c *chaos) pause(d time.Duration) bool {
	select {
	case <-c.over:
		return false
	case <-time.After(d):
		return true
	}
}

// comparison is the result of a dry run.
type comparison int

const (
	undecided comparison = iota // a service was unreachable, or a reconciliation was running
	equal
	differs
)

// dryRun runs the command once and returns its result and its output.
func (c *chaos) dryRun(t *testing.T) (result comparison, output string) {
	t.Helper()
	output, ok := c.program.Run(t, c.stack.Config, "reconcile", "--dry-run")
	switch {
	case ok:
		result = equal
	case strings.Contains(output, "the relation tuples differ"):
		result = differs
	default:
		return undecided, output
	}
	c.ledger.mu.Lock()
	defer c.ledger.mu.Unlock()
	c.ledger.dryRuns++
	if result == differs {
		c.ledger.differing++
	}
	return result, output
}
