package graph

import (
	"context"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/catfoster/catfoster/graph/guard"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/accesslog"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/tracing"
)

// maxName is how many characters of the name of an operation are shown. Clients choose names;
// the grammar has letters, digits and underscores only.
const maxName = 64

// observe counts each operation, makes a span of it, and describes it for the access log. All
// of them get the name, the type, the cost and codes, never the document or its variables.
func observe(metrics *Metrics) graphql.ResponseMiddleware {
	return func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		var name, kind string
		var read time.Time
		if graphql.HasOperationContext(ctx) {
			operation := graphql.GetOperationContext(ctx)
			read = operation.Stats.Read.End // Slow clients are none of our time.
			if operation.Operation != nil {
				name, kind = shownName(operation.Operation), string(operation.Operation.Operation)
			}
		}
		ctx, span := startOperation(ctx, name, kind)
		response := next(ctx)
		if isEvent := kind == accesslog.Subscription && response != nil && len(response.Errors) == 0; response == nil || isEvent {
			tracing.End(span, context.Cause(ctx))
			return response // For events see observeStream.
		}
		done := accesslog.Operation{Name: name, Type: kind, Codes: codesOf(response.Errors), Cost: guard.ComplexityOf(ctx)}
		if viewer := session.KnownViewer(ctx); viewer != nil {
			done.User = viewer.User.ID
		}
		accesslog.Describe(ctx, done)
		metrics.observe(done, time.Since(read))
		var failure error
		if isFailure(done.Codes) {
			failure = response.Errors
		}
		tracing.End(span, failure)
		return response
	}
}

// startOperation begins the span of an operation, if it is traced. The name of the span is
// the type, because clients choose the names of operations.
func startOperation(ctx context.Context, name, kind string) (context.Context, trace.Span) {
	if kind == "" || !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, noop.Span{}
	}
	return tracing.Start(ctx, kind, trace.SpanKindInternal, semconv.GraphQLOperationName(name), semconv.GraphQLOperationTypeKey.String(kind))
}

// traceRootField makes a span of each root field, with what resolves the fields below it.
func traceRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return next(ctx)
	}
	field := graphql.GetRootFieldContext(ctx).Field
	ctx, span := tracing.Start(ctx, field.ObjectDefinition.Name+"."+field.Name, trace.SpanKindInternal)
	defer span.End()
	return next(ctx)
}

func shownName(operation *ast.OperationDefinition) string {
	return operation.Name[:min(len(operation.Name), maxName)]
}

// codesOf returns the codes of errors, each once.
func codesOf(errs gqlerror.List) []string {
	var codes []string
	for _, err := range errs {
		if code, ok := err.Extensions["code"].(string); ok && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// isFailure reports whether the server, not the client, is to blame for one of the errors.
func isFailure(codes []string) bool {
	return slices.Contains(codes, string(apperr.Internal)) || slices.Contains(codes, string(apperr.Unavailable))
}

// outcomeOf returns the code that stands for all codes of a response: that of a failure comes
// before those of clients' mistakes.
func outcomeOf(codes []string) string {
	for _, failure := range []string{string(apperr.Internal), string(apperr.Unavailable)} {
		if slices.Contains(codes, failure) {
			return failure
		}
	}
	if len(codes) == 0 {
		return "ok"
	}
	return codes[0]
}
