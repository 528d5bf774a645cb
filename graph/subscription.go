package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/graph/guard"
	"github.com/catfoster/catfoster/internal/edge/accesslog"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// ViewerEvents tells what happens to the viewer.
func (r subscription) ViewerEvents(ctx context.Context) (<-chan *live.Event, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return r.live.Subscribe(ctx, viewer.User.ID), nil
}

// isSubscription reports whether the context is that of a subscription.
func isSubscription(ctx context.Context) bool {
	if !graphql.HasOperationContext(ctx) {
		return false
	}
	operation := graphql.GetOperationContext(ctx).Operation
	return operation != nil && operation.Operation == ast.Subscription
}

// observeStream counts each subscription when it begins, and describes it for the access log. Its events are no operations,
// and how long it lasts says nothing.
func observeStream(metrics *Metrics) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		responses := next(ctx)
		if !isSubscription(ctx) {
			return responses
		}
		begun := false
		return func(ctx context.Context) *graphql.Response {
			response := responses(ctx)
			if !begun {
				begun = true
				begin(ctx, metrics, response)
			}
			return response
		}
	}
}

// begin observes the beginning of a subscription. Its first response has the errors, if it has not begun.
func begin(ctx context.Context, metrics *Metrics, first *graphql.Response) {
	operation := graphql.GetOperationContext(ctx).Operation
	done := accesslog.Operation{Name: shownName(operation), Type: accesslog.Subscription, Cost: guard.ComplexityOf(ctx)}
	if first != nil {
		done.Codes = codesOf(first.Errors)
	}
	if viewer := session.KnownViewer(ctx); viewer != nil {
		done.User = viewer.User.ID
	}
	accesslog.Describe(ctx, done)
	metrics.count(done)
}
