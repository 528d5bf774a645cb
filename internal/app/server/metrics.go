package server

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/outbound"
)

// scrapeTimeout bounds the queries of a scrape.
const scrapeTimeout = 5 * time.Second

// newMetrics returns a handler that serves metrics in Prometheus's text format.
func newMetrics(
	db *sql.DB, health *health, syncer *projection.Syncer, services *outbound.Breaker, more ...interface {
		Collectors() []prometheus.Collector
	},
) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewDBStatsCollector(db, "catfoster"),
		&syncMetrics{
			syncer: syncer, services: services, health: health,
			pending:  describe("outbox_entries", "Objects whose relation tuples in Keto may be out of date."),
			failing:  describe("outbox_failing_entries", "Outbox entries that have failed at least three times in a row."),
			oldest:   describe("outbox_oldest_seconds", "Age of the oldest outbox entry in seconds."),
			synced:   describe("syncs_total", "Objects that this process has synced to Keto."),
			failures: describe("sync_failures_total", "Attempts of this process to sync an object that have failed."),
			open:     describe("circuit_breakers_open", "Addresses of Kratos and Keto that this process does not call because they do not answer."),
		},
	)
	registry.MustRegister(newReadyMetrics(health)...)
	for _, metrics := range more {
		registry.MustRegister(metrics.Collectors()...)
	}
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

func describe(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("catfoster_"+name, help, nil, nil)
}

// newReadyMetrics returns what the health check says of each service. It asks the services at most once a second.
func newReadyMetrics(health *health) []prometheus.Collector {
	metrics := make([]prometheus.Collector, 0, len(health.parts))
	for _, part := range health.parts {
		metrics = append(metrics, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "catfoster_service_ready", Help: "Whether Postgres, Kratos and Keto are ready: 1 or 0.",
			ConstLabels: prometheus.Labels{"service": part.name},
		}, func() float64 {
			if health.check(context.Background()).Problems[part.name] != "" {
				return 0
			}
			return 1
		}))
	}
	return metrics
}

// syncMetrics collects metrics about the projection to Keto and the services it needs.
type syncMetrics struct {
	syncer   *projection.Syncer
	services *outbound.Breaker
	health   *health

	pending, failing, oldest, synced, failures, open *prometheus.Desc
}

// Describe sends the descriptions. It asks the database nothing, as collecting does.
func (m *syncMetrics) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.pending, m.failing, m.oldest, m.synced, m.failures, m.open} {
		descriptions <- d
	}
}

// Collect sends the metrics. Those that need the database are left out when it cannot
// be reached.
func (m *syncMetrics) Collect(metrics chan<- prometheus.Metric) {
	send := func(description *prometheus.Desc, kind prometheus.ValueType, value float64) {
		metrics <- prometheus.MustNewConstMetric(description, kind, value)
	}
	synced, failures := m.syncer.Counts()
	send(m.synced, prometheus.CounterValue, float64(synced))
	send(m.failures, prometheus.CounterValue, float64(failures))
	send(m.open, prometheus.GaugeValue, float64(len(m.services.Open())))

	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	backlog, err := m.syncer.Backlog(ctx)
	if err != nil {
		m.health.miss(ctx, postgresPart, "the outbox cannot be counted", err)
		return
	}
	send(m.pending, prometheus.GaugeValue, float64(backlog.Pending))
	send(m.failing, prometheus.GaugeValue, float64(backlog.Failing))
	send(m.oldest, prometheus.GaugeValue, backlog.Oldest.Seconds())
}

// miss logs that a part does not answer a scrape, unless the log says already what is wrong with it: scrapes come every few seconds.
func (h *health) miss(ctx context.Context, part, message string, err error) {
	if h.check(ctx).Problems[part] == "" {
		h.log.WarnContext(ctx, message, "part", part, "error", err)
	}
}
