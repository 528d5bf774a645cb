// Package deadline bounds the time of the work on a request, and lets a stream go on without that bound: it lasts as
// long as its client is there.
package deadline

import (
	"context"
	"time"
)

type requestKey struct{}

// Set returns a context with a deadline for the work on the request whose context is given.
func Set(request context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithValue(request, requestKey{}, request), timeout)
}

// Lift returns a context with the values of ctx, but without the deadline of [Set]. It ends with the request. The caller
// must call cancel.
func Lift(ctx context.Context) (lifted context.Context, cancel context.CancelFunc) {
	request, bounded := ctx.Value(requestKey{}).(context.Context)
	if !bounded {
		return context.WithCancel(ctx)
	}
	lifted, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(request, end)
	return lifted, func() {
		stop()
		end()
	}
}
