package ratelimit

import "github.com/prometheus/client_golang/prometheus"

// Limits that refuse requests, as in the metrics.
const (
	limitPoints   = "points"
	limitInFlight = "in_flight"
	limitStreams  = "streams"
)

// metrics say whom the limiter refuses, and how many callers it knows.
type metrics struct {
	refusals *prometheus.CounterVec
	buckets  []prometheus.Collector
}

// newMetrics returns metrics of the buckets, which are given by the kind of their callers.
func newMetrics(buckets map[string]func() int) metrics {
	m := metrics{refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "catfoster_rate_limit_refusals_total",
		Help: "Requests that were refused because their caller has asked for too much.",
	}, []string{"caller", "limit"})}
	for kind, number := range buckets {
		for _, limit := range []string{limitPoints, limitInFlight, limitStreams} {
			m.refusals.WithLabelValues(kind, limit) // So that it is there before the first refusal.
		}
		m.buckets = append(m.buckets, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "catfoster_rate_limit_buckets", Help: "Callers whose points the rate limiter counts.",
			ConstLabels: prometheus.Labels{"caller": kind},
		}, func() float64 { return float64(number()) }))
	}
	return m
}

func (m metrics) refused(kind, limit string) { m.refusals.WithLabelValues(kind, limit).Inc() }

func (m metrics) collectors() []prometheus.Collector { return append(m.buckets, m.refusals) }
