package webhooks

import (
	"iter"

	"github.com/prometheus/client_golang/prometheus"
)

// Results of calls, for the metric.
const (
	resultOK       = "ok"
	resultRejected = "rejected"  // The form shows the member why.
	resultInvalid  = "invalid"   // Kratos's configuration does not fit this version.
	resultWrongKey = "wrong_key" // The key in the header is missing or wrong.
	resultFailed   = "failed"    // A service did not answer.
)

// otherHook stands for all paths that are no webhook.
const otherHook = "other"

// metrics count the calls.
type metrics struct {
	calls *prometheus.CounterVec
}

// newMetrics returns the metrics of hooks. All series exist from the start: an increase from nothing is none to Prometheus.
func newMetrics(hooks iter.Seq[string]) metrics {
	m := metrics{calls: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "catfoster_webhooks_total", Help: "Calls of webhooks by Kratos, by hook and result: ok, rejected (the form says why), invalid, wrong_key or failed.",
	}, []string{"hook", "result"})}
	add := func(hook string) {
		for _, result := range []string{resultOK, resultRejected, resultInvalid, resultWrongKey, resultFailed} {
			m.calls.WithLabelValues(hook, result)
		}
	}
	for hook := range hooks {
		add(hook)
	}
	add(otherHook)
	return m
}
