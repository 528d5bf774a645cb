package outbound

import (
	"context"
	"time"
)

const (
	// checkTimeout bounds one call of a [ReadyChecker].
	checkTimeout = 3 * time.Second
	// checkInterval is how long a ReadyChecker uses an answer.
	checkInterval = time.Second
)

// ReadyChecker asks a service at most once a second whether it is ready. It is for services
// that deny what they cannot look up: while their databases cannot be reached, Kratos finds
// no session and Keto no relation. The ReadyChecker is asked before a denial is believed.
//
// A ReadyChecker is safe for concurrent use.
type ReadyChecker struct {
	ready func(context.Context) error

	// turn has capacity one. Sending to it gives the right to call the service and to use
	// the fields below, until the value is received again.
	turn  chan struct{}
	asked time.Time // when the last answer came, or zero
	err   error     // the last answer
}

// NewReadyChecker returns a checker of a service. ready calls the service and returns nil if
// the service and its database can be reached.
func NewReadyChecker(ready func(context.Context) error) *ReadyChecker {
	return &ReadyChecker{ready: ready, turn: make(chan struct{}, 1)}
}

// Ready returns nil if the service is ready, or was less than a second ago. It waits for
// a call that is in flight instead of making another one.
func (c *ReadyChecker) Ready(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if !c.asked.IsZero() && time.Since(c.asked) < checkInterval {
		return c.err
	}
	// The answer is for all callers, so it depends on no caller's context.
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	c.err = c.ready(ctx)
	c.asked = time.Now()
	return c.err
}
