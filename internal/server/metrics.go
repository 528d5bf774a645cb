package server

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/catfoster/catfoster/internal/breaker"
	"github.com/catfoster/catfoster/internal/permission"
)

// scrapeTimeout is how long the database may take to count.
const scrapeTimeout = 5 * time.Second

// newMetrics answers with metrics in the format of Prometheus: see its
// documentation, "Exposition formats".
func newMetrics(keeper *permission.Keeper, services *breaker.Transport, log *slog.Logger) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&permissionMetrics{
			keeper: keeper, services: services, log: log,
			waiting:  describe("sync_marks", "Objects whose permissions in Keto may be behind their rows."),
			failing:  describe("sync_marks_failing", "Those of them that have failed at least three times in a row."),
			oldest:   describe("sync_oldest_seconds", "For how long the first of them has been waiting."),
			synced:   describe("syncs_total", "Objects that this program has brought in step with Keto."),
			failures: describe("sync_failures_total", "Attempts of this program to do so that have failed."),
			away:     describe("services_away", "Addresses of Kratos and Keto that this program does not call, since they do not answer."),
		},
	)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

func describe(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("catfoster_"+name, help, nil, nil)
}

// permissionMetrics tells how far Keto is behind Postgres.
type permissionMetrics struct {
	keeper   *permission.Keeper
	services *breaker.Transport
	log      *slog.Logger

	waiting, failing, oldest, synced, failures, away *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (m *permissionMetrics) Describe(descriptions chan<- *prometheus.Desc) {
	prometheus.DescribeByCollect(m, descriptions)
}

// Collect implements prometheus.Collector. What the database does not tell is left
// out.
func (m *permissionMetrics) Collect(metrics chan<- prometheus.Metric) {
	send := func(description *prometheus.Desc, kind prometheus.ValueType, value float64) {
		metrics <- prometheus.MustNewConstMetric(description, kind, value)
	}
	done, failed := m.keeper.Syncs()
	send(m.synced, prometheus.CounterValue, float64(done))
	send(m.failures, prometheus.CounterValue, float64(failed))
	send(m.away, prometheus.GaugeValue, float64(len(m.services.Away())))

	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	backlog, err := m.keeper.Backlog(ctx)
	if err != nil {
		m.log.WarnContext(ctx, "the sync marks cannot be counted", "error", err)
		return
	}
	send(m.waiting, prometheus.GaugeValue, float64(backlog.Waiting))
	send(m.failing, prometheus.GaugeValue, float64(backlog.Failing))
	send(m.oldest, prometheus.GaugeValue, backlog.Oldest.Seconds())
}
