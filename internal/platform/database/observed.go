package database

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/catfoster/catfoster/internal/platform/tracing"
)

// Statements observes SQL statements: it counts them and makes a span of each.
type Statements struct {
	succeeded, failed prometheus.Observer
	duration          *prometheus.HistogramVec
}

// NewStatements returns an observer.
func NewStatements() *Statements {
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "catfoster_sql_statement_duration_seconds", Help: "Time until Postgres had answered a statement, by result: ok or error.",
		Buckets: []float64{0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 25},
	}, []string{"result"})
	return &Statements{succeeded: duration.WithLabelValues("ok"), failed: duration.WithLabelValues("error"), duration: duration}
}

// Collectors returns the metrics.
func (s *Statements) Collectors() []prometheus.Collector { return []prometheus.Collector{s.duration} }

func (s *Statements) begin(ctx context.Context, text string) (context.Context, trace.Span, time.Time) {
	if trace.SpanFromContext(ctx).IsRecording() { // The attributes take allocations.
		ctx, span := tracing.Start(ctx, "SQL", trace.SpanKindClient, semconv.DBSystemNamePostgreSQL, semconv.DBQueryText(text))
		return ctx, span, time.Now()
	}
	return ctx, nil, time.Now()
}

func (s *Statements) end(span trace.Span, started time.Time, err error) {
	if err == nil {
		s.succeeded.Observe(time.Since(started).Seconds())
	} else {
		s.failed.Observe(time.Since(started).Seconds())
	}
	if span != nil {
		tracing.End(span, err)
	}
}

// observedConn is a connection whose statements are observed. The text of a statement has no
// values: they are parameters.
type observedConn struct {
	pqConn
	statements *Statements
}

// QueryContext runs a statement that returns rows.
func (c observedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	ctx, span, started := c.statements.begin(ctx, query)
	rows, err := c.pqConn.QueryContext(ctx, query, args)
	c.statements.end(span, started, err)
	return rows, err
}

// ExecContext runs a statement that returns no rows.
func (c observedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	ctx, span, started := c.statements.begin(ctx, query)
	result, err := c.pqConn.ExecContext(ctx, query, args)
	c.statements.end(span, started, err)
	return result, err
}
