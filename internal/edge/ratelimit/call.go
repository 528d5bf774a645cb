package ratelimit

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/internal/platform/bounds"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Call is a request that has been admitted. One goroutine uses it at a time.
type Call struct {
	limiter *Limiter
	bucket  *bucket
	charged int
	taken   [rooms]int64  // of the caller's rooms, until the end
	counted *atomic.Int32 // what the call is counted among until the end, or nil
	refusal *Refusal      // the last one, or nil
}

// ChargeUpTo raises what the request costs to points. It does nothing if the request has cost as
// much already. If the caller has too few points, none are taken.
func (c *Call) ChargeUpTo(points int) *Refusal {
	missing := points - c.charged
	if missing <= 0 {
		return nil
	}
	if wait, ok := c.bucket.take(missing); !ok {
		reason := fmt.Sprintf("you have asked for too much in a short time; try again in %d s", seconds(wait))
		return c.refuse(limitPoints, wait, reason)
	}
	c.charged = points
	return nil
}

// Submit charges for a form to Kratos whose body has arrived: forms that are sent slowly cannot be collected to arrive all at
// once. It does nothing for a nil call.
func (c *Call) Submit() *Refusal {
	if c == nil {
		return nil
	}
	return c.ChargeUpTo(formCost)
}

// BeginStream counts the call among the open streams of its caller from now on, and no longer among the requests under way.
// It does nothing for a nil call.
func (c *Call) BeginStream() *Refusal {
	if c == nil {
		return nil
	}
	if most := c.limiter.maxStreams; int(c.bucket.streams.Add(1)) > most {
		c.bucket.streams.Add(-1)
		return c.refuse(limitStreams, streamWait, fmt.Sprintf("more than %d of your streams are open; close one", most))
	}
	c.bucket.underWay.Add(-1)
	c.counted = &c.bucket.streams
	return nil
}

func (c *Call) refuse(limit string, wait time.Duration, reason string) *Refusal {
	c.limiter.metrics.refused(c.bucket.kind, limit)
	status := c.status()
	status.RetryAfter = wait
	c.refusal = &Refusal{Status: status, Reason: reason}
	return c.refusal
}

// End says that the request has been answered. It does nothing for a nil call.
func (c *Call) End() {
	if c == nil {
		return
	}
	for of, taken := range c.taken {
		c.bucket.rooms[of].Release(taken)
	}
	if c.counted != nil {
		c.counted.Add(-1)
	}
}

// WaitComplexity waits until the caller's operations leave enough complexity to another one: its answer is in memory until the end
// of the call. See wait.
func (c *Call) WaitComplexity(ctx context.Context, complexity int) error {
	return c.wait(ctx, complexityRoom, int64(min(complexity, bounds.ComplexityOfCaller)))
}

// WaitUpload waits until the caller's uploads leave room for another one of some bytes, which are in memory. See wait.
func (c *Call) WaitUpload(ctx context.Context, bytes int64) error {
	return c.wait(ctx, uploadRoom, bytes)
}

// WaitDecoding waits until no other photo of the caller is decoded. See wait.
func (c *Call) WaitDecoding(ctx context.Context) error { return c.wait(ctx, decodingRoom, 1) }

// WaitFile waits until the caller's files that are being sent leave room for another one, which may be in memory. See wait.
func (c *Call) WaitFile(ctx context.Context) error { return c.wait(ctx, fileRoom, 1) }

// wait waits until a room of the caller has a part left, and takes it until the end of the call. The error is that of the context.
// It does nothing for a nil call.
func (c *Call) wait(ctx context.Context, of room, part int64) error {
	if c == nil {
		return nil
	}
	err := c.bucket.rooms[of].Acquire(ctx, part)
	if err == nil {
		c.taken[of] += part
	}
	return err
}

// Connections returns the slots for connections to Postgres that all requests of the caller share. A nil call has
// slots of its own.
func (c *Call) Connections() *semaphore.Weighted {
	if c == nil {
		return database.NewSlots()
	}
	return c.bucket.connections
}

// Status returns what the request has cost and what its caller has left.
func (c *Call) Status() Status {
	if c.refusal != nil {
		return c.refusal.Status
	}
	return c.status()
}

func (c *Call) status() Status {
	b := c.bucket
	return Status{Requested: c.charged, Limit: b.size, Remaining: b.left(), RestoreRate: b.speed, policy: b.policy}
}

type contextKey struct{}

// WithCall returns a context of a request that has been admitted.
func WithCall(ctx context.Context, call *Call) context.Context {
	return context.WithValue(ctx, contextKey{}, call)
}

// CallOf returns the request that the context belongs to, or nil if no limiter has admitted it.
func CallOf(ctx context.Context) *Call {
	call, _ := ctx.Value(contextKey{}).(*Call)
	return call
}
