package live

import "github.com/prometheus/client_golang/prometheus"

// metrics say how many streams there are and what they hear.
type metrics struct {
	open            prometheus.Gauge
	events          *prometheus.CounterVec
	overflows, gaps prometheus.Counter
}

func newMetrics() metrics {
	m := metrics{
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "catfoster_live_streams", Help: "Open streams of live events.",
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
	for _, kind := range []Kind{Notification, Message, Fostering, Refetch} {
		m.events.WithLabelValues(string(kind)) // So that it is there before the first event.
	}
	return m
}

func (m metrics) sent(kind Kind) { m.events.WithLabelValues(string(kind)).Inc() }

func (m metrics) collectors() []prometheus.Collector {
	return []prometheus.Collector{m.open, m.events, m.overflows, m.gaps}
}
