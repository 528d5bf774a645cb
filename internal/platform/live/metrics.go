package live

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics say how many streams there are and what they hear.
type metrics struct {
	open, most      prometheus.Gauge
	latency         prometheus.Histogram
	events          *prometheus.CounterVec
	overflows, gaps prometheus.Counter
}

func newMetrics(most int) metrics {
	m := metrics{
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "catfoster_live_streams", Help: "Open streams of live events.",
		}),
		most: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "catfoster_live_streams_limit", Help: "How many streams of live events may be open: MAX_STREAMS.",
		}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "catfoster_live_latency_seconds",
			Help:    "Time in seconds from a transaction's last statement, by the clock of Postgres, until this process hears of it.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "catfoster_live_events_total", Help: "Live events given to streams, by kind.",
		}, []string{"kind"}),
		overflows: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "catfoster_live_overflows_total", Help: "Times that a client read too slowly, so that its events became one REFETCH.",
		}),
		gaps: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "catfoster_live_gaps_total", Help: "Times that this process may have missed events, as the connection to Postgres was lost.",
		}),
	}
	m.most.Set(float64(most))
	for _, kind := range []Kind{Notification, Message, Fostering, Refetch} {
		m.events.WithLabelValues(string(kind)) // So that it is there before the first event.
	}
	return m
}

func (m metrics) sent(kind Kind) { m.events.WithLabelValues(string(kind)).Inc() }

// heard observes how long a notification was on its way. Clocks may differ a little.
func (m metrics) heard(after time.Duration) { m.latency.Observe(max(0, after.Seconds())) }

func (m metrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{m.open, m.most, m.latency, m.events, m.overflows, m.gaps}
}
