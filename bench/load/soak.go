package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// What the API promises to need in the long run.
const (
	maxResident = 80e6 // bytes under load from 16 connections
	// maxGrowth is how much more memory the end of a long load may need than its middle.
	// The garbage that has not been collected differs by some megabytes.
	maxGrowth = 1.1
)

// settleTimeout is how long goroutines may take to end after the load. The connections to
// Kratos and Keto have goroutines, and stay open for 90 seconds.
const settleTimeout = 3 * time.Minute

// errPromise says that a long-run measurement has failed.
var errPromise = errors.New("the API does not keep a promise")

// soak puts load on the API for a long time, and prints what memory it needs at the start,
// in the middle and at the end.
func (s *setup) soak(ctx context.Context, w io.Writer, duration time.Duration) error {
	before, err := s.server.sample(ctx)
	if err != nil {
		return err
	}
	var r round
	var samples []sample
	group, loading := errgroup.WithContext(ctx)
	done := make(chan struct{})
	group.Go(func() (err error) {
		defer close(done)
		r, err = put(loading, s.mixed(), connections, duration)
		return err
	})
	group.Go(func() (err error) {
		samples, err = s.server.watch(loading, done, max(duration/200, 100*time.Millisecond))
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	after, err := s.server.settle(ctx, before.goroutines)
	if err != nil {
		return err
	}
	report := newSoakReport(before, samples, after)
	fmt.Fprintf(w, "%s of all operations from %d connections: %d requests, %d cats requested, %.0f requests/s, p50 %s ms, p99 %s ms\n",
		duration, connections, r.requests, s.requested.Load(), r.rate, milliseconds(r.percentile(50)), milliseconds(r.percentile(99)))
	report.print(w)
	return report.err()
}

// mixed returns a target that gets all operations. Lists with viewer fields are few, because
// each takes 40 checks of Keto: otherwise the API would only wait. Requests to foster a cat
// are few, because each needs another cat; when there are no more, the rest goes on.
func (s *setup) mixed() target {
	const viewerTurn, applicationTurn = 20, 100
	address := s.server.address
	return target{"all operations", address, func(connection int) func() *request {
		var frequent []func() *request
		var page func() *request
		for _, o := range s.operations() {
			if next := s.requests(o, address, "/graphql")(connection); o.name == viewer {
				page = next
			} else {
				frequent = append(frequent, next)
			}
		}
		application := s.requests(s.application(), address, "/graphql")(connection)
		n := 0
		return func() *request {
			n++
			if n%applicationTurn == 0 {
				if r := application(); r != nil {
					return r
				}
			}
			if n%viewerTurn == 1 {
				return page()
			}
			return frequent[n%len(frequent)]()
		}
	}}
}

// watch samples the process in regular intervals until done is closed.
func (p process) watch(ctx context.Context, done <-chan struct{}, interval time.Duration) (samples []sample, err error) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return samples, nil
		case <-tick.C:
		}
		taken, err := p.sample(ctx)
		if err != nil {
			return nil, err
		}
		samples = append(samples, taken)
	}
}

// settle waits until the process has no more goroutines than given, or long enough, and
// returns the last sample.
func (p process) settle(ctx context.Context, goroutines float64) (sample, error) {
	deadline := time.After(settleTimeout)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		last, err := p.sample(ctx)
		if err != nil || last.goroutines <= goroutines {
			return last, err
		}
		select {
		case <-deadline:
			return last, nil
		case <-tick.C:
		}
	}
}

// soakReport is what a long load has needed.
type soakReport struct {
	start, middle, end, highest float64    // bytes of resident memory
	goroutines                  [3]float64 // before, at most under load, and after
}

// newSoakReport returns the report of the samples under load, and of those before and after.
// Start, middle and end are medians of a tenth of the samples each.
func newSoakReport(before sample, samples []sample, after sample) soakReport {
	r := soakReport{goroutines: [3]float64{before.goroutines, 0, after.goroutines}}
	for _, s := range samples {
		r.highest = max(r.highest, s.resident)
		r.goroutines[1] = max(r.goroutines[1], s.goroutines)
	}
	tenth := (len(samples) + 9) / 10
	middle := (len(samples) - tenth) / 2
	r.start = medianResident(samples[:tenth])
	r.middle = medianResident(samples[middle : middle+tenth])
	r.end = medianResident(samples[len(samples)-tenth:])
	return r
}

// medianResident returns the median of the resident memory, 0 if there are no samples.
func medianResident(samples []sample) float64 {
	if len(samples) == 0 {
		return 0
	}
	resident := make([]float64, len(samples))
	for i, s := range samples {
		resident[i] = s.resident
	}
	slices.Sort(resident)
	return resident[len(resident)/2]
}

func (r soakReport) print(w io.Writer) {
	fmt.Fprintf(w, "resident MB: %.0f at the start, %.0f in the middle, %.0f at the end, %.0f at most\n",
		r.start/1e6, r.middle/1e6, r.end/1e6, r.highest/1e6)
	fmt.Fprintf(w, "goroutines: %.0f before, %.0f at most, %.0f afterwards\n", r.goroutines[0], r.goroutines[1], r.goroutines[2])
}

// err returns the promises that are broken.
func (r soakReport) err() error {
	var errs []error
	if r.end > r.middle*maxGrowth {
		errs = append(errs, fmt.Errorf("%w: memory grows: %.0f MB at the end, %.0f MB in the middle", errPromise, r.end/1e6, r.middle/1e6))
	}
	if r.highest > maxResident {
		errs = append(errs, fmt.Errorf("%w: it needs %.0f MB of memory, more than %.0f MB", errPromise, r.highest/1e6, maxResident/1e6))
	}
	return errors.Join(append(errs, checkGoroutines(r.goroutines[0], r.goroutines[2]))...)
}

// checkGoroutines returns an error if there are more goroutines afterwards.
func checkGoroutines(before, after float64) error {
	if after > before {
		return fmt.Errorf("%w: %.0f goroutines were left behind", errPromise, after-before)
	}
	return nil
}
