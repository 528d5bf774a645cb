package transport

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.opentelemetry.io/otel/trace"

	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/platform/deadline"
)

// Subscriptions follow the protocol "GraphQL over Server-Sent Events" in its "distinct connections mode": a request for each
// operation, an event "next" for each result, and an event "complete" at the end. What cannot be executed is answered as
// for other operations, with its status.
const (
	nextEvent     = "event: next\ndata: "
	completeEvent = "event: complete\ndata:\n\n"
	// comment is ignored by clients. It keeps proxies from closing the connection, and finds out that the client is gone.
	comment = ":\n\n"
	// beat is how often there is a comment, and how often it is checked that the stream may go on.
	beat = 10 * time.Second
	// reconnect is when an EventSource connects again, and twice as long at most: not all at the same moment.
	reconnect = 2 * time.Second
)

// Stream is a stream that has been admitted.
type Stream interface {
	// Valid reports whether the stream may go on.
	Valid(context.Context) bool
	// End says that the stream has ended.
	End()
}

// stream answers a subscription until its source or its session ends, or the client goes.
func (h HTTP) stream(
	w http.ResponseWriter, r *http.Request, mediaType string, executor graphql.GraphExecutor, operation *graphql.OperationContext,
) {
	admitted, refused := h.Open(r.Context(), w.Header())
	if refused != nil {
		status := http.StatusServiceUnavailable
		if refused.Extensions["code"] == string(apperr.RateLimited) {
			status = http.StatusTooManyRequests
		}
		response := executor.DispatchError(graphql.WithOperationContext(r.Context(), operation), gqlerror.List{refused})
		h.write(w, r, forErrors(mediaType), status, response, false)
		return
	}
	defer admitted.End()
	endSpan(r)
	ctx, cancel := deadline.Lift(r.Context())
	defer cancel()
	responses, ctx := executor.DispatchOperation(ctx, operation)
	events := h.begin(w, r)
	due := time.Now().Add(beat)
	for events.err == nil {
		waiting, stop := context.WithDeadline(ctx, due)
		response := responses(waiting)
		idle := waiting.Err() != nil
		stop()
		switch {
		case response != nil:
			events.write(nextEvent, string(encode(response)), "\n\n")
		case ctx.Err() != nil:
			return // The client has gone.
		case !idle:
			events.write(completeEvent)
			return
		}
		if time.Now().Before(due) {
			continue
		}
		if !admitted.Valid(ctx) {
			events.write(completeEvent)
			return
		}
		events.write(comment)
		due = time.Now().Add(beat)
	}
}

// begin begins a stream of events.
func (h HTTP) begin(w http.ResponseWriter, r *http.Request) *eventWriter {
	e := &eventWriter{w: w, connection: http.NewResponseController(w)}
	_ = e.connection.SetReadDeadline(time.Time{}) // It fails only where there is no connection, as in tests.
	h.Cost(r.Context(), w.Header())
	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("X-Accel-Buffering", "no") // nginx would wait for more.
	w.WriteHeader(http.StatusOK)
	wait := reconnect + rand.N(reconnect) //nolint:gosec // It is no secret.
	e.write(fmt.Sprintf("retry: %d\n\n", wait.Milliseconds()))
	return e
}

// eventWriter writes events until that fails once.
type eventWriter struct {
	w          http.ResponseWriter
	connection *http.ResponseController
	err        error
}

// write writes an event at once. A client that does not read has some time for each.
func (e *eventWriter) write(parts ...string) {
	_ = e.connection.SetWriteDeadline(time.Now().Add(writeTime))
	for _, part := range parts {
		if e.err == nil {
			_, e.err = e.w.Write([]byte(part))
		}
	}
	if e.err == nil {
		e.err = e.connection.Flush()
	}
}

// endSpan ends the span of a request whose answer is a stream: a trace that lasts for hours says nothing.
func endSpan(r *http.Request) {
	if span := trace.SpanFromContext(r.Context()); span.IsRecording() {
		span.SetName(r.Method + " " + r.Pattern)
		span.End()
	}
}
