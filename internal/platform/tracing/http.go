package tracing

import (
	"context"
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/catfoster/catfoster/internal/platform/peer"
)

// Middleware makes a span for each request to next. The span continues the trace of a trusted
// proxy (W3C Trace Context); a client's own is ignored, because clients could join traces that
// are not theirs, and have everything sampled. Without a provider it returns next.
//
// The span has the name HTTP until a handler that knows method and route gives it another.
func Middleware(provider *sdktrace.TracerProvider, next http.Handler) http.Handler {
	if provider == nil {
		return next
	}
	return otelhttp.NewHandler(next, "",
		otelhttp.WithTracerProvider(provider), otelhttp.WithMeterProvider(noop.NewMeterProvider()),
		otelhttp.WithPropagators(fromProxies{}),
		otelhttp.WithSpanNameFormatter(func(string, *http.Request) string { return "HTTP" }))
}

// fromProxies reads the trace context of requests that a trusted proxy has passed on.
type fromProxies struct {
	propagation.TraceContext
}

// Extract adds the trace of a trusted proxy to the context.
func (p fromProxies) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	if !peer.Of(ctx).Trusted {
		return ctx
	}
	return p.TraceContext.Extract(ctx, carrier)
}

// Transport carries calls over next, makes a span with the name of each, and passes the trace
// context on (W3C Trace Context, without baggage). Calls outside of a trace are left alone.
func Transport(next http.RoundTripper, name func(*http.Request) string) http.RoundTripper {
	return otelhttp.NewTransport(next,
		otelhttp.WithFilter(func(r *http.Request) bool { return trace.SpanContextFromContext(r.Context()).IsValid() }),
		otelhttp.WithMeterProvider(noop.NewMeterProvider()), otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return name(r) }))
}
