package outbound

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/catfoster/catfoster/internal/platform/requestid"
	"github.com/catfoster/catfoster/internal/platform/tracing"
)

// Calls observes calls to services: it counts them, makes a span of each, and passes on the
// id of the request and its trace context, so that the logs of the services can be joined
// with ours.
type Calls struct {
	total    *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

// NewCalls returns an observer.
func NewCalls() *Calls {
	return &Calls{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "catfoster_calls_total", Help: "Calls to Kratos and Keto by service, operation and status: unavailable means no answer, canceled that the client has gone.",
		}, []string{"service", "operation", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "catfoster_call_duration_seconds", Help: "Time that calls to Kratos and Keto took, with that of waiting for their turn.",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5},
		}, []string{"service", "operation"}),
	}
}

// Collectors returns the metrics.
func (c *Calls) Collectors() []prometheus.Collector {
	return []prometheus.Collector{c.total, c.duration}
}

// To observes the calls to a service that next carries.
func (c *Calls) To(service string, next http.RoundTripper) http.RoundTripper {
	traced := tracing.Transport(next, func(r *http.Request) string { return service + " " + operationOf(r) })
	return &observed{calls: c, service: service, next: traced}
}

type observed struct {
	calls   *Calls
	service string
	next    http.RoundTripper
}

// RoundTrip carries a call.
func (o *observed) RoundTrip(r *http.Request) (*http.Response, error) {
	if id := requestid.Of(r.Context()); id != "" {
		with := *r // The request is not ours to change.
		with.Header = maps.Clone(r.Header)
		if with.Header == nil {
			with.Header = http.Header{}
		}
		with.Header.Set(requestid.Header, id)
		r = &with
	}
	started := time.Now()
	response, err := o.next.RoundTrip(r)
	operation := operationOf(r)
	o.calls.duration.WithLabelValues(o.service, operation).Observe(time.Since(started).Seconds())
	o.calls.total.WithLabelValues(o.service, operation, statusOf(response, err)).Inc()
	return response, err
}

func statusOf(response *http.Response, err error) string {
	switch {
	case err == nil:
		return strconv.Itoa(response.StatusCode)
	case errors.Is(err, context.Canceled):
		return "canceled"
	}
	return "unavailable"
}

// operationOf names what a call does. Browsers choose paths, and paths contain ids, so there
// is no end to them. The addresses of services may have a path of their own before.
func operationOf(r *http.Request) string {
	path := r.URL.Path
	for _, operation := range []struct{ end, name string }{
		{"/sessions/whoami", "whoami"},
		{"/relation-tuples/check/openapi", "check"},
		{"/admin/relation-tuples", "write_tuples"},
		{"/relation-tuples", "list_tuples"},
		{"/namespaces", "list_namespaces"},
		{"/health/ready", "ready"},
	} {
		if strings.HasSuffix(path, operation.end) {
			return operation.name
		}
	}
	if strings.Contains(path, "/admin/identities") {
		switch r.Method {
		case http.MethodGet:
			return "read_identities"
		case http.MethodPatch:
			return "change_identity"
		case http.MethodDelete:
			return "delete_identity"
		}
		return "other"
	}
	if _, flow, ok := strings.Cut(path, "/self-service/"); ok {
		flow, _, _ = strings.Cut(flow, "/")
		switch flow {
		case "login", "registration", "settings", "recovery", "verification", "logout", "errors":
			return flow
		}
	}
	return "other"
}
