package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// passInterval is how often the scheduled passes run.
	passInterval = time.Minute
	// passTimeout bounds one run of a pass. What it has not done is left to the next run.
	passTimeout = 50 * time.Second
	// rarely is how often passes run that read a lot and find nothing as a rule, and rareTimeout what they may take.
	rarely      = 24 * time.Hour
	rareTimeout = time.Hour
)

// pass is work that is done in regular intervals.
type pass struct {
	name           string
	run            func(context.Context) error
	every, timeout time.Duration
}

func often(name string, run func(context.Context) error) pass {
	return pass{name: name, run: run, every: passInterval, timeout: passTimeout}
}

func seldom(name string, run func(context.Context) error) pass {
	return pass{name: name, run: run, every: rarely, timeout: rareTimeout}
}

// passes counts the runs of passes.
type passes struct {
	runs *prometheus.CounterVec
}

// newPasses returns the counters of the passes, which begin at zero: Prometheus misses the first step of a counter that it
// has not seen before.
func newPasses(all []pass) passes {
	runs := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "catfoster_passes_total", Help: "Runs of scheduled passes, by how they have ended: ok or failed.",
	}, []string{"pass", "result"})
	for _, p := range all {
		for _, result := range []string{passOK, passFailed} {
			runs.WithLabelValues(p.name, result)
		}
	}
	return passes{runs}
}

// How a run of a pass has ended.
const (
	passOK     = "ok"
	passFailed = "failed"
)

// Collectors returns the metrics of the passes.
func (p passes) Collectors() []prometheus.Collector { return []prometheus.Collector{p.runs} }

// repeat runs a pass now and in regular intervals until ctx is done. Errors are logged.
func (s *Server) repeat(ctx context.Context, p pass) {
	tick := time.NewTicker(p.every)
	defer tick.Stop()
	for {
		switch err := p.runWithin(ctx, p.timeout); {
		case err == nil:
			s.passes.runs.WithLabelValues(p.name, passOK).Inc()
		case ctx.Err() == nil:
			s.passes.runs.WithLabelValues(p.name, passFailed).Inc()
			s.log.ErrorContext(ctx, "scheduled pass failed; it will run again", "pass", p.name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (p pass) runWithin(ctx context.Context, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return p.run(ctx)
}
