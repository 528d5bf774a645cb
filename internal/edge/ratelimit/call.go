package ratelimit

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/semaphore"
)

// Call is a request that has been admitted. One goroutine uses it at a time.
type Call struct {
	limiter *Limiter
	bucket  *bucket
	charged int
	refusal *Refusal // the last one, or nil
	// expensive says that the call has a slot for expensive operations.
	expensive bool
}

// ChargeUpTo raises what the request costs to points. It does nothing if the request has cost as
// much already. If the caller has too few points, none are taken.
func (c *Call) ChargeUpTo(points int) *Refusal {
	missing := points - c.charged
	if missing <= 0 {
		return nil
	}
	if wait, ok := c.bucket.take(missing); !ok {
		return c.refuse(limitPoints, wait, fmt.Sprintf("you have asked for too much in a short time; try again in %d s", seconds(wait)))
	}
	c.charged = points
	return nil
}

func (c *Call) refuse(limit string, wait time.Duration, reason string) *Refusal {
	c.limiter.metrics.refused(c.bucket.kind, limit)
	c.refusal = &Refusal{RetryAfter: wait, Status: c.status(), Reason: reason}
	return c.refusal
}

// End says that the request has been answered. It does nothing for a nil call.
func (c *Call) End() {
	if c == nil {
		return
	}
	if c.expensive {
		c.bucket.expensive.Release(1)
	}
	c.bucket.inFlight.Add(-1)
}

// WaitExpensive waits until the caller may execute another expensive operation, which lasts until
// the end of the call. The error is that of the context.
func (c *Call) WaitExpensive(ctx context.Context) error {
	if c.expensive {
		return nil
	}
	if err := c.bucket.expensive.Acquire(ctx, 1); err != nil {
		return err
	}
	c.expensive = true
	return nil
}

// Connections returns the slots for connections to Postgres that all requests of the caller share.
func (c *Call) Connections() *semaphore.Weighted { return c.bucket.connections }

// Report returns what the request has cost and what its caller has left, and sets the header
// fields that say the same. If the request has been refused, they also say when to try again.
func (c *Call) Report(header http.Header) Status {
	if c.refusal != nil {
		return c.refusal.Report(header)
	}
	status := c.status()
	status.setHeader(header)
	return status
}

func (c *Call) status() Status {
	b := c.bucket
	return Status{Requested: c.charged, Limit: b.size, Remaining: b.left(), RestoreRate: b.speed, policy: b.policy}
}

// Status is extensions.cost of a response. All numbers are points.
type Status struct {
	// Requested is what the request has cost.
	Requested int `json:"requested"`
	// Limit is what the caller has at most.
	Limit int `json:"limit"`
	// Remaining is what the caller has left.
	Remaining int `json:"remaining"`
	// RestoreRate is what the caller gets back per second.
	RestoreRate int `json:"restoreRate"`

	policy string
}

// policyOf describes the limits in the syntax of draft-ietf-httpapi-ratelimit-headers-11: size
// points in the time in which an empty bucket becomes full, and requests in flight. The draft has
// no unit for points, and lets a request take more than one unit.
func policyOf(size, speed, inFlight int) string {
	return fmt.Sprintf(`"points";q=%d;w=%d, "in-flight";q=%d;qu="concurrent-requests"`, size, timeOf(size, speed), inFlight)
}

// timeOf returns in how many seconds points are restored.
func timeOf(points, speed int) int { return (points + speed - 1) / speed }

// setHeader sets the header fields RateLimit and RateLimit-Policy of a response.
func (s Status) setHeader(header http.Header) {
	value := make([]byte, 0, len(`"points";r=1000000000;t=1000000`))
	value = append(value, `"points";r=`...)
	value = strconv.AppendInt(value, int64(s.Remaining), 10)
	value = append(value, `;t=`...)
	value = strconv.AppendInt(value, int64(timeOf(s.Limit-s.Remaining, s.RestoreRate)), 10)
	// As net/http writes them: it would convert the names of the draft for each response.
	header["Ratelimit"], header["Ratelimit-Policy"] = []string{string(value)}, []string{s.policy}
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
