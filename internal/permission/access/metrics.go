package access

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/catfoster/catfoster/internal/permission/keto"
)

// checkMetrics count what Keto decides. Namespaces and relations are those of the permission
// model.
type checkMetrics struct {
	total    *prometheus.CounterVec
	duration prometheus.Histogram
}

func newCheckMetrics() checkMetrics {
	return checkMetrics{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "catfoster_permission_checks_total",
			Help: "Permission checks by namespace, relation and result: allowed, denied, not_ready (a denial that does not count), unavailable, or canceled (the client has gone).",
		}, []string{"namespace", "relation", "result"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "catfoster_permission_check_duration_seconds", Help: "Time until a check had an answer.",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5},
		}),
	}
}

func (m checkMetrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{m.total, m.duration}
}

// observe counts a check.
func (m checkMetrics) observe(tuple keto.Tuple, allowed bool, err error, started time.Time) {
	m.duration.Observe(time.Since(started).Seconds())
	result := "denied"
	switch {
	case errors.Is(err, context.Canceled):
		result = "canceled"
	case errors.Is(err, keto.ErrNotReady):
		result = "not_ready"
	case err != nil:
		result = "unavailable"
	case allowed:
		result = "allowed"
	}
	m.total.WithLabelValues(string(tuple.Object.Namespace), string(tuple.Relation), result).Inc()
}
