// Package accesslog writes one line about each request to the log, and counts requests. A
// line says what kind of request it was, never what it contained: no address, query string,
// cookie or variable, and of the path only the route.
package accesslog

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// statusClientGone is the status of a request whose client did not wait for the answer. No
// client sees it. The number is that of nginx.
const statusClientGone = 499

// Subscription is the type of an operation whose answer is a stream. Its line comes at the end.
const Subscription = "subscription"

// Operation is what the line about a request says of its GraphQL operation.
type Operation struct {
	// Name is the name in the document. It may be empty.
	Name string
	// Type is query, mutation or [Subscription], or empty if there is no valid operation.
	Type string
	// User is the id of the viewer, or uuid.Nil if nobody asked who that is.
	User uuid.UUID
	// Cost is the cost of the operation in points.
	Cost int
	// Codes are the codes of the errors, each once.
	Codes []string
}

type contextKey struct{}

// Describe says what the GraphQL operation of a request was, once it has been executed or
// refused.
func Describe(ctx context.Context, operation Operation) {
	if w, ok := ctx.Value(contextKey{}).(*recorder); ok {
		w.operation, w.described = operation, true
	}
}

// Log observes requests.
type Log struct {
	log      *slog.Logger // nil writes nothing
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

// New returns a log that writes to a logger, or only counts if that is nil.
func New(log *slog.Logger) *Log {
	return &Log{
		log: log,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "catfoster_http_requests_total", Help: "Requests to the public listener by route, method and status.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "catfoster_http_request_duration_seconds", Help: "Time until the answer to a request was written, by route.",
			Buckets: []float64{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30},
		}, []string{"route"}),
	}
}

// Collectors returns the metrics.
func (l *Log) Collectors() []prometheus.Collector {
	return []prometheus.Collector{l.requests, l.duration}
}

// Middleware observes the requests to next, in which an [http.ServeMux] sets the pattern of the
// same request: that is the route. Files of the pages and health checks are at level debug
// unless they fail.
func (l *Log) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := &recorder{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), contextKey{}, recorder))
		started := time.Now()
		defer func() {
			cause := recover()
			l.observe(r, recorder, recorder.result(r.Context(), cause != nil), time.Since(started))
			if cause != nil {
				panic(cause)
			}
		}()
		next.ServeHTTP(recorder, r)
	})
}

func (l *Log) observe(r *http.Request, answer *recorder, status int, took time.Duration) {
	route, method := routeOf(r), methodOf(r)
	l.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	if answer.operation.Type != Subscription { // A stream takes as long as its client wants.
		l.duration.WithLabelValues(route).Observe(took.Seconds())
	}
	if span := trace.SpanFromContext(r.Context()); span.IsRecording() {
		span.SetName(method + " " + route)
		span.SetAttributes(semconv.HTTPRoute(route))
	}
	level := slog.LevelInfo
	if status < http.StatusInternalServerError && isMinor(route) {
		level = slog.LevelDebug
	}
	if l.log == nil {
		return
	}
	attributes := append(make([]slog.Attr, 0, 10), slog.String("method", method), slog.String("route", route),
		slog.Int("status", status), slog.Int64("bytes", answer.bytes), slog.Float64("seconds", took.Seconds()))
	if o := answer.operation; answer.described {
		user := ""
		if o.User != uuid.Nil {
			user = o.User.String()
		}
		attributes = append(attributes, slog.String("operation", o.Name), slog.String("type", o.Type),
			slog.String("user", user), slog.Int("cost", o.Cost), slog.String("codes", strings.Join(o.Codes, " ")))
	}
	l.log.LogAttrs(r.Context(), level, "request", attributes...)
}

// routeOf returns the path of the pattern that the mux has chosen: clients choose paths, so
// there is no end to them.
func routeOf(r *http.Request) string {
	_, path, hasMethod := strings.Cut(r.Pattern, " ")
	switch {
	case hasMethod:
		return path
	case r.Pattern == "":
		return "none" // Refused before, or no route.
	}
	return r.Pattern
}

// methodOf returns the method of a request if it is a usual one. Clients choose it.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// isMinor reports whether requests to a route are frequent and say little.
func isMinor(route string) bool {
	return route == "/" || strings.HasPrefix(route, "/health/") || strings.HasPrefix(route, "/playground")
}

// recorder passes an answer on and remembers what the line says of it.
type recorder struct {
	http.ResponseWriter
	status    int
	bytes     int64
	operation Operation // if described
	described bool
}

// WriteHeader passes the header on. Informational ones precede the header of the answer.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write passes a part of the body on.
func (w *recorder) Write(part []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(part)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets [http.ResponseController] reach the server's own writer.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// result returns the status of the answer. A handler that panics has given none.
func (w *recorder) result(ctx context.Context, panicked bool) int {
	switch {
	case panicked && ctx.Err() != nil:
		return statusClientGone
	case panicked:
		return http.StatusInternalServerError
	case w.status == 0:
		return http.StatusOK
	}
	return w.status
}
