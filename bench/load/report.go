package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// connections is how many connections put load on a server.
const connections = 16

// result is what was measured of a case.
type result struct {
	single, many round // with one connection and with all
	// allocations and bytes are those of the server for each request of many. They are
	// zero if the server is not ours.
	allocations, bytes float64
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

// printCases prints a line for each case.
func printCases(w io.Writer, cases []testCase, results map[string]result) {
	fmt.Fprintf(w, "%-22s %-30s %8d %8d %8d %8d %8d %8d %7d\n%-22s %-30s %8s %8s %8s %8s %8s %8s %7s\n",
		"", "connections:", 1, 1, connections, connections, connections, connections, connections,
		"server", "case", "rate/s", "p50 ms", "rate/s", "p50 ms", "p99 ms", "allocs", "kB")
	for _, c := range cases {
		r := results[c.String()]
		memory := fmt.Sprintf("%8s %7s", "-", "-")
		if c.process != nil {
			memory = fmt.Sprintf("%8.0f %7.1f", r.allocations, r.bytes/1e3)
		}
		fmt.Fprintf(w, "%-22s %-30s %8.0f %8s %8.0f %8s %8s %s\n", c.server, c.name,
			r.single.rate, milliseconds(r.single.percentile(50)),
			r.many.rate, milliseconds(r.many.percentile(50)), milliseconds(r.many.percentile(99)), memory)
	}
}

// printRatios prints ratios of rates, for which both cases must have been measured.
func printRatios(w io.Writer, results map[string]result) {
	apiTo := func(name, server, reference string) [2]testCase {
		return [2]testCase{{server: api, name: name}, {server: server, name: reference}}
	}
	fmt.Fprintf(w, "\n%-62s %8s %8s\n", "ratio of rates, by connections", "1", "16")
	for _, pair := range [][2]testCase{
		apiTo(me, ory, whoami), apiTo(me, bare, me),
		apiTo(list, ory, whoami), apiTo(list, bare, list),
		apiTo(one, ory, whoami), apiTo(one, bare, one),
		apiTo(viewer, bare, viewer),
		apiTo(update, ory, check), apiTo(update, bare, update),
		apiTo(apply, ory, check),
	} {
		measured, isMeasured := results[pair[0].String()]
		reference, isReference := results[pair[1].String()]
		if isMeasured && isReference {
			fmt.Fprintf(w, "%-62s %8.2f %8.2f\n", pair[0].String()+" / "+pair[1].String(),
				measured.single.rate/reference.single.rate, measured.many.rate/reference.many.rate)
		}
	}
}

// printMemory prints what the servers keep after the load.
func (s *setup) printMemory(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, "\n%-22s %12s %12s\n", "after the load", "resident MB", "goroutines")
	for _, server := range []struct {
		name    string
		process process
	}{{api, s.server}, {apiUncached, s.uncached}, {bare, s.bare}} {
		sample, err := server.process.sample(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-22s %12.0f %12.0f\n", server.name, sample.resident/1e6, sample.goroutines)
	}
	return nil
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1e3) }
