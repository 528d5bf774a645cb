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
	calls                         calls
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
	median := func(value func(result) float64) float64 {
		values := make([]float64, len(all))
		for i, r := range all {
			values[i] = value(r)
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	c := result{
		allocations: median(func(r result) float64 { return r.allocations }),
		bytes:       median(func(r result) float64 { return r.bytes }),
		processor:   median(func(r result) float64 { return r.processor }),
		resident:    median(func(r result) float64 { return r.resident }),
	}
	c.single.rate = median(func(r result) float64 { return r.single.rate })
	c.many.rate = median(func(r result) float64 { return r.many.rate })
	for _, r := range all {
		c.single.requests += r.single.requests
		c.many.requests += r.many.requests
		c.single.latencies = append(c.single.latencies, r.single.latencies...)
		c.many.latencies = append(c.many.latencies, r.many.latencies...)
	}
	slices.Sort(c.single.latencies)
	slices.Sort(c.many.latencies)
	return c
}
