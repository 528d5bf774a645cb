package tracing

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// defaultService is the name of the service unless OTEL_SERVICE_NAME says another one.
const defaultService = "catfoster"

// Open returns a provider whose spans go to a collector by OTLP over HTTP, or nil if the
// configuration has none. The variables OTEL_EXPORTER_OTLP_… of OpenTelemetry's specification
// say where the collector is. It does not connect yet.
//
// OpenTelemetry's libraries report their errors in one place per process. From now on that is
// the log.
func Open(ctx context.Context, c config.Traces, log *slog.Logger) (*sdktrace.TracerProvider, error) {
	if c.Exporter != "otlp" {
		return nil, nil //nolint:nilnil // There is no provider, which is no error.
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces are not sent", "error", err) }))
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("create the exporter of traces: %w", err)
	}
	return NewProvider(exporter)
}

// NewProvider returns a provider of tracers whose spans go to an exporter. The variables
// OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER and OTEL_BSP_… of
// OpenTelemetry's specification apply.
//
// Spans are sent in the background from a queue with a bound, and dropped if it is full: a
// collector that is slow or away delays nobody. What reaches the exporter has the attributes
// of a list, and no texts of errors: instrumentation of others would include addresses of
// clients, and URLs with email addresses and tokens.
//
// The caller must call Shutdown, which sends what is queued.
func NewProvider(exporter sdktrace.SpanExporter) (*sdktrace.TracerProvider, error) {
	service, err := resource.Merge(resource.NewSchemaless(semconv.ServiceName(defaultService)), resource.Environment())
	if err != nil {
		return nil, fmt.Errorf("describe the service in traces: %w", err)
	}
	return sdktrace.NewTracerProvider(sdktrace.WithBatcher(discreet{exporter}), sdktrace.WithResource(service)), nil
}

// discreet passes spans on to an exporter without anything that may be personal or secret.
type discreet struct {
	sdktrace.SpanExporter
}

// ExportSpans passes spans on.
func (d discreet) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	shown := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, span := range spans {
		shown[i] = discreetSpan{span}
	}
	return d.SpanExporter.ExportSpans(ctx, shown)
}

// discreetSpan is a span without anything that may be personal or secret.
type discreetSpan struct {
	sdktrace.ReadOnlySpan
}

// Attributes returns those that cannot contain anything personal or secret.
func (s discreetSpan) Attributes() []attribute.KeyValue {
	return slices.DeleteFunc(slices.Clone(s.ReadOnlySpan.Attributes()), func(a attribute.KeyValue) bool { return !isShown(a.Key) })
}

// Events returns none: they are the texts of errors.
func (discreetSpan) Events() []sdktrace.Event { return nil }

// Links returns none: nothing here makes any.
func (discreetSpan) Links() []sdktrace.Link { return nil }

// Status returns the status without a text.
func (s discreetSpan) Status() sdktrace.Status {
	return sdktrace.Status{Code: s.ReadOnlySpan.Status().Code}
}

// isShown reports whether spans have an attribute. The text of a statement has parameters in
// place of values, and the name of an operation is a name in GraphQL.
func isShown(key attribute.Key) bool {
	switch key {
	case semconv.HTTPRequestMethodKey, semconv.HTTPRouteKey, semconv.HTTPResponseStatusCodeKey, semconv.ErrorTypeKey,
		semconv.DBSystemNameKey, semconv.DBQueryTextKey,
		semconv.GraphQLOperationNameKey, semconv.GraphQLOperationTypeKey:
		return true
	}
	return false
}
