package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// target is what load is put on: a server and the requests that it gets.
type target struct {
	name    string
	address string // host and port of the server
	// requests returns a function that returns the requests of a connection, which has a
	// number from zero, one after the other, and nil if there are no more.
	requests func(connection int) func() *request
}

// round is the result of putting load on a target once.
type round struct {
	requests  int
	rate      float64         // requests per second
	latencies []time.Duration // sorted
}

// put puts load on a target: each connection sends its next request when it has the answer to
// the last. It fails if an answer reports a failure.
func put(ctx context.Context, t target, connections int, duration time.Duration) (round, error) {
	open := make([]*connection, 0, connections)
	defer func() {
		for _, c := range open {
			_ = c.close()
		}
	}()
	for range connections {
		c, err := dial(ctx, t.address)
		if err != nil {
			return round{}, fmt.Errorf("connect to %s: %w", t.name, err)
		}
		open = append(open, c)
	}
	latencies := make([][]time.Duration, connections)
	group, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	end := began.Add(duration)
	for i, c := range open {
		group.Go(func() (err error) {
			latencies[i], err = t.loop(ctx, c, i, end)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return round{}, fmt.Errorf("%s: %w", t.name, err)
	}
	took := time.Since(began)
	all := slices.Concat(latencies...)
	slices.Sort(all)
	return round{requests: len(all), rate: float64(len(all)) / took.Seconds(), latencies: all}, nil
}

// loop sends requests until the end and returns how long each answer took.
func (t target) loop(ctx context.Context, c *connection, number int, end time.Time) (latencies []time.Duration, err error) {
	next := t.requests(number)
	for ctx.Err() == nil {
		request := next()
		if request == nil {
			return nil, errNoMoreRequests
		}
		sent := time.Now()
		if _, err := c.send(request); err != nil {
			return nil, err
		}
		answered := time.Now()
		latencies = append(latencies, answered.Sub(sent))
		if answered.After(end) {
			break
		}
	}
	return latencies, ctx.Err()
}

// errNoMoreRequests says that a target has run out of requests that can succeed.
var errNoMoreRequests = errors.New("there are no more cats to request; use shorter rounds or fewer of them")

// percentile returns the smallest latency that p percent of the requests, from 1 to 100, did
// not exceed, and 0 if there were no requests.
func (r round) percentile(p int) time.Duration {
	if len(r.latencies) == 0 {
		return 0
	}
	rank := (len(r.latencies)*p + 99) / 100 // rounded up
	return r.latencies[rank-1]
}
