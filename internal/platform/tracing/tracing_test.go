package tracing_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/peer"
	"github.com/catfoster/catfoster/internal/platform/tracing"
)

// newProvider returns a provider and a function that returns the spans that it has sent.
func newProvider(t *testing.T) (*sdktrace.TracerProvider, func() tracetest.SpanStubs) {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	provider, err := tracing.NewProvider(exporter)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = provider.Shutdown(context.Background()) })
	return provider, func() tracetest.SpanStubs {
		if err := provider.ForceFlush(t.Context()); err != nil {
			t.Fatal(err)
		}
		return exporter.GetSpans()
	}
}

// TestProvider_Discreet makes spans as instrumentation of others might.
func TestProvider_Discreet(t *testing.T) {
	t.Parallel()
	provider, sent := newProvider(t)
	const secret = "ada@example.org"
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusConflict) }))
	defer service.Close()
	client := &http.Client{Transport: tracing.Transport(http.DefaultTransport, func(*http.Request) string { return "kratos read_identities" })}
	handler := tracing.Middleware(provider, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ctx, span := tracing.Start(r.Context(), "a step", trace.SpanKindInternal, attribute.String("email", secret), attribute.String("db.query.text", "SELECT $1"))
		span.RecordError(errors.New(secret), trace.WithStackTrace(true))
		span.AddEvent(secret)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, service.URL+"/identities/"+secret+"?credentials_identifier="+secret, nil)
		if err != nil {
			t.Error(err)
			return
		}
		request.Header.Set("Authorization", secret)
		if response, err := client.Do(request); err == nil {
			response.Body.Close()
		}
		tracing.End(span, errors.New(secret))
	}))
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+secret+"?a="+secret, strings.NewReader(secret))
	request.Host, request.RemoteAddr = secret, "192.0.2.77:80"
	request.Header.Set("User-Agent", secret)
	request.Header.Set("X-Forwarded-For", "192.0.2.77")
	request.Header.Set("Cookie", "session="+secret)
	handler.ServeHTTP(httptest.NewRecorder(), request)

	spans := sent()
	if len(spans) != 3 {
		t.Fatalf("there are %d spans, want those of the request, the step and the call", len(spans))
	}
	for _, span := range spans {
		text := fmt.Sprintf("%+v", span)
		if strings.Contains(text, secret) || strings.Contains(text, "192.0.2.77") {
			t.Errorf("the span %q contains something personal: %s", span.Name, text)
		}
		if span.SpanContext.TraceID() != spans[0].SpanContext.TraceID() {
			t.Errorf("the span %q is in another trace", span.Name)
		}
	}
	if text := fmt.Sprint(spans); !strings.Contains(text, "SELECT $1") || !strings.Contains(text, "http.response.status_code") {
		t.Errorf("what is not personal is missing: %s", text)
	}
}

func TestMiddleware_TraceContext(t *testing.T) {
	t.Parallel()
	const theirs = "0af7651916cd43dd8448eb211c80319c"
	for remote, want := range map[string]bool{"10.1.1.1:80": true, "192.0.2.1:80": false} {
		provider, sent := newProvider(t)
		handler, err := peer.Middleware([]string{"10.0.0.0/8"}, tracing.Middleware(provider, http.NotFoundHandler()))
		if err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		request.RemoteAddr = remote
		request.Header.Set("Traceparent", "00-"+theirs+"-b7ad6b7169203331-01")
		handler.ServeHTTP(httptest.NewRecorder(), request)
		for _, span := range sent() {
			if got := span.SpanContext.TraceID().String() == theirs; got != want {
				t.Errorf("the trace of a request from %s is continued: %t, want %t", remote, got, want)
			}
			if len(span.Links) > 0 {
				t.Errorf("the span of a request from %s has links", remote)
			}
		}
	}
}

// TestTransport_TraceContext passes the trace on, and nothing else of the client's.
func TestTransport_TraceContext(t *testing.T) {
	t.Parallel()
	provider, _ := newProvider(t)
	var header http.Header
	client := tracing.Transport(roundTripper(func(r *http.Request) (*http.Response, error) {
		header = r.Header
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	}), func(*http.Request) string { return "call" })
	call := func(ctx context.Context) {
		request := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://kratos/", nil)
		response, err := client.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
	}
	ctx, span := provider.Tracer("test").Start(t.Context(), "request")
	call(ctx)
	if got := header.Get("Traceparent"); !strings.Contains(got, span.SpanContext().TraceID().String()) {
		t.Errorf("the service gets the trace context %q, want that of the request", got)
	}
	span.End()
	call(t.Context())
	if got := header.Get("Traceparent"); got != "" {
		t.Errorf("a call outside of a trace has the trace context %q", got)
	}
}

// TestContinue_LaterWork continues a trace from what a request has left behind.
func TestContinue_LaterWork(t *testing.T) {
	t.Parallel()
	provider, sent := newProvider(t)
	ctx, request := provider.Tracer("test").Start(t.Context(), "request")
	parent := tracing.Parent(ctx)
	request.End()
	if parent == nil {
		t.Fatal("a request that is sampled leaves nothing behind")
	}
	later, work := tracing.Continue(t.Context(), provider, parent, "mail", trace.SpanKindConsumer)
	_, step := tracing.Start(later, "a step", trace.SpanKindClient)
	tracing.End(step, nil)
	tracing.End(work, errors.New("the server is away"))
	spans := sent()
	if len(spans) != 3 {
		t.Fatalf("there are %d spans, want those of the request, the work and its step", len(spans))
	}
	if got, want := spans[2].Parent.SpanID(), request.SpanContext().SpanID(); got != want || spans[2].Name != "mail" {
		t.Errorf("the work is below the span %s, want that of the request, %s", got, want)
	}
	for _, span := range spans {
		if got, want := span.SpanContext.TraceID(), request.SpanContext().TraceID(); got != want {
			t.Errorf("the span %q is in the trace %s, want %s", span.Name, got, want)
		}
	}

	unsampled := trace.ContextWithSpanContext(t.Context(), request.SpanContext().WithTraceFlags(0))
	for name, context := range map[string]context.Context{"no trace": t.Context(), "a request that is not sampled": unsampled} {
		if got := tracing.Parent(context); got != nil {
			t.Errorf("%s leaves %q behind", name, *got)
		}
	}
	for name, begin := range map[string]func() (context.Context, trace.Span){
		"no provider": func() (context.Context, trace.Span) { return tracing.Continue(t.Context(), nil, parent, "mail", 0) },
		"no parent":   func() (context.Context, trace.Span) { return tracing.Continue(t.Context(), provider, nil, "mail", 0) },
		"no trace": func() (context.Context, trace.Span) {
			return tracing.Continue(t.Context(), provider, new("x"), "mail", 0)
		},
	} {
		if _, span := begin(); span.IsRecording() {
			t.Errorf("with %s a span begins", name)
		}
	}
}

// TestStart_Untraced takes no allocations where there is no trace.
func TestStart_Untraced(t *testing.T) { //nolint:paralleltest // It counts the allocations of the whole process.
	ctx := t.Context()
	if got := testing.AllocsPerRun(100, func() {
		_, span := tracing.Start(ctx, "a step", trace.SpanKindInternal)
		tracing.End(span, nil)
	}); got > 0 {
		t.Errorf("a step outside of a trace takes %.0f allocations", got)
	}
	handler := http.NotFoundHandler()
	if got := tracing.Middleware(nil, handler); fmt.Sprintf("%p", got) != fmt.Sprintf("%p", handler) {
		t.Error("without a provider, requests go through a middleware")
	}
}

func TestOpen_Off(t *testing.T) {
	t.Parallel()
	provider, err := tracing.Open(t.Context(), config.Defaults[config.Config]().Traces, slog.New(slog.DiscardHandler))
	if provider != nil || err != nil {
		t.Errorf("by default there is a provider (%v) or an error (%v), want neither", provider, err)
	}
}

// collector is an OTLP collector that takes what it gets.
func collector(t *testing.T, got chan<- string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r.Method + " " + r.URL.Path + " " + string(body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// hanging is the address of a collector that accepts connections and never answers.
func hanging(t *testing.T) string {
	t.Helper()
	var listen net.ListenConfig
	listener, err := listen.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return "http://" + listener.Addr().String()
}

// TestOpen_Collector sends requests while the collector answers, hangs and is away. They must
// not notice, and neither must the end of the program. It sets variables of the environment.
func TestOpen_Collector(t *testing.T) {
	got := make(chan string, 100)
	for name, address := range map[string]string{"answers": collector(t, got), "hangs": hanging(t), "is away": "http://127.0.0.1:1"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
			t.Setenv("OTEL_SERVICE_NAME", "the cats")
			t.Setenv("OTEL_BSP_MAX_QUEUE_SIZE", "64") // Fewer than requests.
			provider, err := tracing.Open(t.Context(), config.Traces{Exporter: "otlp"}, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			handler := tracing.Middleware(provider, http.NotFoundHandler())
			done := make(chan struct{})
			go func() {
				defer close(done)
				for range 1000 {
					handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
				}
			}()
			select {
			case <-done:
			case <-time.After(10 * time.Second):
				t.Fatal("requests wait for the collector")
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			stopped := make(chan error, 1)
			go func() { stopped <- provider.Shutdown(ctx) }()
			select {
			case err := <-stopped:
				if name == "answers" && err != nil {
					t.Errorf("the last spans are not sent: %v", err)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("the end waits for the collector longer than its deadline")
			}
		})
	}
	select {
	case request := <-got:
		if !strings.HasPrefix(request, "POST /v1/traces ") || !strings.Contains(request, "the cats") {
			t.Errorf("the collector got %q, want spans of the service", request)
		}
	default:
		t.Error("the collector got nothing")
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
