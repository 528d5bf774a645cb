package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"
)

// connections is how many connections put load on a server.
const connections = 16

// result is what was measured of a case.
type result struct {
	single, many round // with one connection and with all
	// The numbers below are those of the server for each request. They are zero if the
	// server is not ours.
	allocations, bytes, processor float64 // of many; processor is in seconds
	calls                         calls   // of many
	// resident is the server's memory in bytes after many.
	resident float64
}

// rounds is how often each case is measured. The speed of a machine varies from minute to
// minute; therefore all cases are measured before the second round begins, and the rate of a
// case is the median.
const rounds = 3

// measure measures the cases.
func measure(ctx context.Context, cases []testCase, duration time.Duration) (map[string]result, error) {
	measured := map[string][]result{}
	for n := range rounds {
		fmt.Fprintf(os.Stderr, "Round %d of %d takes %s.\n", n+1, rounds, time.Duration(len(cases))*roundDuration(duration))
		for _, c := range cases {
			r, err := c.measure(ctx, duration)
			if err != nil {
				return nil, err
			}
			measured[c.String()] = append(measured[c.String()], r)
		}
	}
	results := map[string]result{}
	for name, all := range measured {
		results[name] = combine(all)
	}
	return results, nil
}

// roundDuration is how long a case gets load in a round.
func roundDuration(duration time.Duration) time.Duration { return duration/4 + duration/2 + duration }

// measure puts load on the case: to warm up, from one connection, and from all.
func (c testCase) measure(ctx context.Context, duration time.Duration) (r result, err error) {
	if _, err = put(ctx, c.target, connections, duration/4); err != nil {
		return result{}, err
	}
	if r.single, err = put(ctx, c.target, 1, duration/2); err != nil {
		return result{}, err
	}
	before, err := c.sample(ctx)
	if err != nil {
		return result{}, err
	}
	if r.many, err = put(ctx, c.target, connections, duration); err != nil {
		return result{}, err
	}
	after, err := c.sample(ctx)
	if err != nil {
		return result{}, err
	}
	requests := float64(r.many.requests)
	r.allocations = (after.allocations - before.allocations) / requests
	r.bytes = (after.allocated - before.allocated) / requests
	r.processor = (after.processor - before.processor) / requests
	r.calls = calls{
		sql:    (after.calls.sql - before.calls.sql) / requests,
		kratos: (after.calls.kratos - before.calls.kratos) / requests,
		keto:   (after.calls.keto - before.calls.keto) / requests,
	}
	r.resident = after.resident
	return r, nil
}

// sample returns the state of the case's server if it is ours.
func (c testCase) sample(ctx context.Context) (sample, error) {
	if c.process == nil {
		return sample{}, nil
	}
	return c.process.sample(ctx)
}

// combine returns the medians of the rounds of a case, and the latencies of all of them.
func combine(all []result) result {
	of := func(value func(result) float64) float64 {
		values := make([]float64, len(all))
		for i, r := range all {
			values[i] = value(r)
		}
		return median(values)
	}
	c := result{
		single:      round{rate: of(func(r result) float64 { return r.single.rate })},
		many:        round{rate: of(func(r result) float64 { return r.many.rate })},
		allocations: of(func(r result) float64 { return r.allocations }),
		bytes:       of(func(r result) float64 { return r.bytes }),
		processor:   of(func(r result) float64 { return r.processor }),
		resident:    of(func(r result) float64 { return r.resident }),
		calls: calls{
			sql:    of(func(r result) float64 { return r.calls.sql }),
			kratos: of(func(r result) float64 { return r.calls.kratos }),
			keto:   of(func(r result) float64 { return r.calls.keto }),
		},
	}
	for _, r := range all {
		c.single.add(r.single)
		c.many.add(r.many)
	}
	return c
}

// add adds the requests of another round.
func (r *round) add(other round) {
	r.requests += other.requests
	r.latencies = append(r.latencies, other.latencies...)
	slices.Sort(r.latencies)
}

// median returns the middle one of the values, which it sorts.
func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
