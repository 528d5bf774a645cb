package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// maxIdle is how many idle connections can be measured. All of them come from one
	// address, which has some 28,000 ports.
	maxIdle = 20_000
	// otherFiles is how many files a process may need besides.
	otherFiles = 500
	// idleWarmUp is how long the API gets load first, so that what it allocates once does
	// not count.
	idleWarmUp = 3 * time.Second
)

// idleResult is what idle connections need.
type idleResult struct {
	before, during sample
	// fresh and settled are the numbers of goroutines before the first request and, of the
	// API, after the last. The connections of the bare handler to Kratos stay open for ever.
	fresh, settled float64
}

// cost returns the bytes of memory of all connections.
func (r idleResult) cost() float64 { return r.during.resident - r.before.resident }

// idle opens connections to the API and to the bare handler, sends one request on each, and
// prints what memory they need while they are idle.
func (s *setup) idle(ctx context.Context, w io.Writer, number int) error {
	if err := checkFileLimit(number); err != nil {
		return err
	}
	// In servers of their own: one that was under load has memory to spare, in which some of
	// the connections would hide.
	var measured idleResult // of the API
	for _, p := range s.programs() {
		if p.name == apiUncached {
			continue
		}
		started, err := s.startAnother(ctx, "idle "+p.name, p)
		if err != nil {
			return err
		}
		path := "/graphql"
		question := s.operations()[0]
		if p.name == bare {
			path = question.path
		}
		r, err := started.idle(ctx, number, s.requests(question, started.address, path))
		if err != nil {
			return err
		}
		if p.name == api {
			after, err := started.settle(ctx, r.fresh)
			if err != nil {
				return err
			}
			r.settled = after.goroutines
			measured = r
		}
		printIdle(w, p.name, number, r)
	}
	return checkIdle(number, measured)
}

// idle measures the process with idle connections.
func (p process) idle(ctx context.Context, number int, requests func(connection int) func() *request) (r idleResult, err error) {
	fresh, err := p.sample(ctx)
	if err != nil {
		return idleResult{}, err
	}
	r.fresh = fresh.goroutines
	if _, err := put(ctx, target{p.name, p.address, requests}, connections, idleWarmUp); err != nil {
		return idleResult{}, err
	}
	if r.before, err = p.sample(ctx); err != nil {
		return idleResult{}, err
	}
	r.during, err = p.withIdle(ctx, number, requests)
	return r, err
}

func printIdle(w io.Writer, server string, number int, r idleResult) {
	fmt.Fprintf(w, "%s, %d idle connections: resident MB: %.0f before, %.0f with them: %.0f MB, %.1f kB each\n",
		server, number, r.before.resident/1e6, r.during.resident/1e6, r.cost()/1e6, r.cost()/1e3/float64(number))
	if server == api {
		fmt.Fprintf(w, "goroutines: %.0f before, %.0f with them, %.0f afterwards\n", r.fresh, r.during.goroutines, r.settled)
	}
}

// checkIdle returns the promises of the API that are broken.
func checkIdle(number int, measured idleResult) error {
	var err error
	if most := maxIdleCost * float64(number); measured.cost() > most {
		err = fmt.Errorf("%w: idle connections need %.0f MB, want at most %.0f MB", errPromise, measured.cost()/1e6, most/1e6)
	}
	return errors.Join(err, checkGoroutines(measured.fresh, measured.settled))
}

// withIdle samples the process while it has idle connections.
func (p process) withIdle(ctx context.Context, number int, requests func(connection int) func() *request) (sample, error) {
	open := make([]*connection, number)
	defer func() {
		for _, c := range open {
			if c != nil {
				_ = c.close()
			}
		}
	}()
	group, opening := errgroup.WithContext(ctx)
	for worker := range connections {
		group.Go(func() (err error) {
			next := requests(worker)
			for i := worker; i < number; i += connections {
				if open[i], err = dial(opening, p.address); err != nil {
					return err
				}
				if _, err := open[i].send(next()); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return sample{}, fmt.Errorf("open %d connections: %w", number, err)
	}
	during, err := p.sample(ctx)
	if err == nil && during.goroutines < float64(number) {
		err = fmt.Errorf("of %d connections some were closed: there are %.0f goroutines", number, during.goroutines)
	}
	return during, err
}

// checkFileLimit fails if a process may not have enough files open. Go raises the soft limit
// to the hard limit when a program starts, this one and the API: see package os.
func checkFileLimit(connections int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("read the limit of open files: %w", err)
	}
	if needed := uint64(max(connections, 0)) + otherFiles; limit.Cur < needed {
		return fmt.Errorf("%d idle connections need %d open files, but the hard limit is %d: raise it with ulimit -Hn", connections, needed, limit.Cur)
	}
	return nil
}
