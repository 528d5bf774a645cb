package graph

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/graph/transport"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/peer"
)

const (
	// bytesPerPoint is how many bytes of a document that is not known cost a point. To parse and
	// validate a document takes half a microsecond per byte, a field of an answer some microseconds.
	bytesPerPoint = 8
	// stepsPerPoint is how many steps of a validation, as counted by countSteps, cost a point. A
	// step takes up to 1.5 microseconds.
	stepsPerPoint = 3
	// introspectionPoints is what a field of the schema costs, which appears in the answer for
	// many types.
	introspectionPoints = 20
)

// limitRate passes the requests on that the limiter admits. A nil limiter admits all.
func limitRate(limiter *ratelimit.Limiter, next http.Handler) http.Handler {
	if limiter == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := ratelimit.Request{Address: peer.Of(r.Context()).Address, Size: sizeOfRequest(r)}
		if credential, given := session.CredentialOf(r.Context()); given {
			request.Credential = credential
		}
		call, refused := limiter.Begin(r.Context(), request)
		if refused != nil {
			transport.HTTP{Cost: func(_ context.Context, header http.Header) any {
				return refused.Report(header)
			}}.Refuse(w, r, http.StatusTooManyRequests, rateLimited(refused))
			return
		}
		defer call.End()
		next.ServeHTTP(w, r.WithContext(ratelimit.WithCall(r.Context(), call)))
	})
}

// sizeOfRequest returns how many bytes have to be decoded at most.
func sizeOfRequest(r *http.Request) int {
	body := r.ContentLength
	if body < 0 { // The client does not say.
		body = maxBody
	}
	return int(min(body, maxBody)) + len(r.URL.RawQuery)
}

// charge raises what the current request costs to points.
func charge(ctx context.Context, points int) *gqlerror.Error {
	call := ratelimit.CallOf(ctx)
	if call == nil {
		return nil
	}
	if refused := call.ChargeUpTo(points); refused != nil {
		return rateLimited(refused)
	}
	return nil
}

// connectionsOf returns the slots for connections of the caller.
func connectionsOf(ctx context.Context) *semaphore.Weighted {
	if call := ratelimit.CallOf(ctx); call != nil {
		return call.Connections()
	}
	return database.NewSlots()
}

func rateLimited(refused *ratelimit.Refusal) *gqlerror.Error {
	return refusal(string(apperr.RateLimited), "%s", refused.Reason)
}

// complexityCharge charges for operations before they are executed. It comes after
// [extension.ComplexityLimit].
type complexityCharge struct{}

var _ graphql.OperationContextMutator = complexityCharge{}

func (complexityCharge) ExtensionName() string { return "ComplexityCharge" }

func (complexityCharge) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses operations that the caller has too few points for.
func (complexityCharge) MutateOperationContext(ctx context.Context, _ *graphql.OperationContext) *gqlerror.Error {
	return charge(ctx, extension.GetComplexityStats(ctx).Complexity)
}

// costOf returns extensions.cost of the response to a request, or nil if nobody counts, and sets
// the header fields about it.
func costOf(ctx context.Context, header http.Header) any {
	call := ratelimit.CallOf(ctx)
	if call == nil {
		return nil
	}
	return call.Report(header)
}
