package server

import (
	"context"
	"time"
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

// repeat runs a pass now and in regular intervals until ctx is done. Errors are logged.
func (s *Server) repeat(ctx context.Context, p pass) {
	tick := time.NewTicker(p.every)
	defer tick.Stop()
	for {
		if err := p.runWithin(ctx, p.timeout); err != nil && ctx.Err() == nil {
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
