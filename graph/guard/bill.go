package guard

import (
	"context"
	"net/http"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/internal/edge/ratelimit"
)

// What a point pays for, beside a field of an answer, which takes some microseconds.
const (
	// bytesPerPoint is how many bytes of a request cost a point. Decoding JSON takes about 10
	// nanoseconds per byte.
	bytesPerPoint = 256
	// textPerPoint is how many bytes of a document that is not known cost a point. To parse and
	// validate a document takes half a microsecond per byte.
	textPerPoint = 8
	// stepsPerPoint is how many steps of a validation, as counted by countSteps, cost a point. A
	// step takes up to 1.5 microseconds.
	stepsPerPoint = 3
	// schemaFieldPoints is what a field of the schema costs, which appears in the answer for
	// many types.
	schemaFieldPoints = 20
)

// priceOfRequest is what a request costs before it is read, by the bytes that have to be decoded at most.
func priceOfRequest(r *http.Request) int {
	body := r.ContentLength
	if body < 0 { // The client does not say.
		body = maxBody
	}
	return 1 + (int(min(body, maxBody))+len(r.URL.RawQuery))/bytesPerPoint
}

// bill is what a request costs. Each step of the work raises it to its own price, before the step begins; prices
// are not added up. With a nil call nobody pays.
type bill struct {
	call *ratelimit.Call
}

func billOf(ctx context.Context) bill { return bill{ratelimit.CallOf(ctx)} }

// raise pays for a step with the price of points, unless as much has been paid.
func (b bill) raise(points int) *gqlerror.Error {
	if b.call == nil {
		return nil
	}
	if refused := b.call.ChargeUpTo(points); refused != nil {
		return rateLimited(refused)
	}
	return nil
}
