// Package tracing makes OpenTelemetry traces of requests: a span for the request, and below
// it one for each step that waits for something.
//
// Spans say what was done and how long it took, never with whose data: see [NewProvider].
// Only [Middleware] begins a trace, and [Continue] goes on with it. Without it, and for requests that are not sampled,
// everything here does nothing: there is no span in the context, and [Start] makes none.
package tracing

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// scope is the name of the instrumentation.
const scope = "github.com/catfoster/catfoster"

// traceParent is the field of W3C Trace Context.
const traceParent = "traceparent"

// Start begins a span below that of the context. The caller must end it with [End]. Nothing
// begins if the context has none: background work has no traces.
func Start(ctx context.Context, name string, kind trace.SpanKind, attributes ...attribute.KeyValue) (context.Context, trace.Span) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return ctx, noop.Span{}
	}
	return parent.TracerProvider().Tracer(scope).Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(attributes...))
}

// Parent returns the span of the context in the format of W3C Trace Context, for work that is done later: see [Continue]. It is
// nil if there is no trace, or if it is not sampled.
func Parent(ctx context.Context) *string {
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return nil
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return new(carrier[traceParent])
}

// Continue begins a span below one that [Parent] has returned, maybe in another process. The caller must end it with [End].
// Nothing begins without a provider or a parent.
func Continue(
	ctx context.Context, provider *sdktrace.TracerProvider, parent *string, name string, kind trace.SpanKind,
) (context.Context, trace.Span) {
	if provider == nil || parent == nil {
		return ctx, noop.Span{}
	}
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{traceParent: *parent})
	if !trace.SpanContextFromContext(ctx).IsValid() {
		return ctx, noop.Span{}
	}
	return provider.Tracer(scope).Start(ctx, name, trace.WithSpanKind(kind))
}

// End ends a span and says whether it has failed. The text of the error is left to the log.
func End(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}
