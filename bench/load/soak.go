package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// What the API promises to need in the long run.
const (
	maxResident = 80e6 // bytes under load from 16 connections
	// maxGrowth is how much more memory the end of a long load may need than its middle.
	// The garbage that has not been collected differs by some megabytes.
	maxGrowth = 1.1
)

const (
	// soakParts is how often the memory is read during a long load.
	soakParts = 100
	// settleTimeout is how long goroutines may take to end after the load. The connections to
	// Kratos and Keto have goroutines, and stay open for 90 seconds.
	settleTimeout = 3 * time.Minute
)

// errPromise says that a long-run measurement has failed.
var errPromise = errors.New("the API does not keep a promise")

// soak puts load on the API for a long time, and prints what memory it needs at the start,
// in the middle and at the end.
func (s *setup) soak(ctx context.Context, w io.Writer, duration time.Duration) error {
	before, err := s.server.sample(ctx)
	if err != nil {
		return err
	}
	load := s.mixed()
	next := make([]func() *request, connections)
	for i := range next {
		next[i] = load.requests(i)
	}
	load.requests = func(connection int) func() *request { return next[connection] } // A part goes on where the last has ended.
	requests := 0
	samples := make([]sample, soakParts)
	for i := range samples {
		r, err := put(ctx, load, connections, duration/soakParts)
		if err != nil {
			return err
		}
		requests += r.requests
		if samples[i], err = s.server.sample(ctx); err != nil {
			return err
		}
	}
	after, err := s.server.settle(ctx, before.goroutines)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s of all operations from %d connections: %d requests, %d cats requested\n", duration, connections, requests, s.requested.Load())
	report := newSoakReport(before, samples, after)
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

// settle waits until the process has no more goroutines than given, or long enough, and
// returns the last sample.
func (p process) settle(ctx context.Context, goroutines float64) (sample, error) {
	deadline := time.Now().Add(settleTimeout)
	for {
		last, err := p.sample(ctx)
		if err != nil || last.goroutines <= goroutines || time.Now().After(deadline) {
			return last, err
		}
		select {
		case <-ctx.Done():
			return last, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// soakReport is what a long load has needed.
type soakReport struct {
	start, middle, end, highest float64 // bytes of resident memory
	before, after               float64 // goroutines
}

// newSoakReport returns the report of the samples under load, and of those before and after.
// Start, middle and end are medians of a tenth of the samples each.
func newSoakReport(before sample, samples []sample, after sample) soakReport {
	resident := make([]float64, len(samples))
	for i, s := range samples {
		resident[i] = s.resident
	}
	tenth := len(samples) / 10
	middle := (len(samples) - tenth) / 2
	return soakReport{
		start:   median(resident[:tenth]),
		middle:  median(resident[middle : middle+tenth]),
		end:     median(resident[len(resident)-tenth:]),
		highest: slices.Max(resident),
		before:  before.goroutines, after: after.goroutines,
	}
}

func (r soakReport) print(w io.Writer) {
	fmt.Fprintf(w, "resident MB: %.0f at the start, %.0f in the middle, %.0f at the end, %.0f at most\n",
		r.start/1e6, r.middle/1e6, r.end/1e6, r.highest/1e6)
	fmt.Fprintf(w, "goroutines: %.0f before, %.0f afterwards\n", r.before, r.after)
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
	if r.after > r.before {
		errs = append(errs, fmt.Errorf("%w: %.0f goroutines were left behind", errPromise, r.after-r.before))
	}
	return errors.Join(errs...)
}
