package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// fault disturbs the cluster, and leaves everything running.
type fault struct {
	name string
	do   func(context.Context) error
}

// faults disturbs a cluster at random, one fault after the other.
type faults struct {
	*cluster
	ledger   *ledger
	random   *rand.Rand
	progress func(string, ...any)
}

// menu returns the faults.
func (f *faults) menu() []fault {
	return []fault{
		{"server killed", func(ctx context.Context) error { return f.killOne(ctx, f.servers) }},
		{"Kratos killed", func(ctx context.Context) error { return f.killOne(ctx, f.kratoses) }},
		{"Keto killed", func(ctx context.Context) error { return f.killOne(ctx, f.ketos) }},
		{"standby paused", f.pauseStandby},
		{"network cut", f.cutNetwork},
		{"primary killed", f.killPrimary},
	}
}

// run disturbs the cluster until ctx is done and each fault of the menu has been there once. The error says that the cluster has not
// come back, or that within is over.
func (f *faults) run(ctx, within context.Context) error {
	menu := f.menu()
	for n := 0; n < len(menu) || ctx.Err() == nil; n++ {
		if n%len(menu) == 0 {
			f.random.Shuffle(len(menu), func(i, j int) { menu[i], menu[j] = menu[j], menu[i] })
			if n > 0 { // For some seconds nothing may fail.
				wait(within, grace+f.between(2*time.Second, 4*time.Second))
			}
		}
		wait(within, f.between(500*time.Millisecond, 3*time.Second))
		if err := within.Err(); err != nil {
			return err
		}
		next := menu[n%len(menu)]
		f.progress("%s", next.name)
		end := f.ledger.begin(next.name)
		if err := next.do(within); err != nil {
			return fmt.Errorf("%s: %w", next.name, err)
		}
		end()
	}
	return nil
}

// between returns a random time.
func (f *faults) between(least, most time.Duration) time.Duration {
	return least + time.Duration(f.random.Int64N(int64(most-least)))
}

// killOne kills a replica, and starts it again a little later.
func (f *faults) killOne(ctx context.Context, of []*replica) error {
	victim := of[f.random.IntN(len(of))]
	if err := victim.kill(); err != nil {
		return err
	}
	wait(ctx, f.between(time.Second, 3*time.Second))
	return victim.restart(ctx)
}

// pauseStandby stops all processes of a standby for a while. Commits go on, as the other one has them.
func (f *faults) pauseStandby(ctx context.Context) error {
	resume, err := f.postgres.pause(ctx, f.postgres.standby(f.random.IntN(nodes-1)))
	if err != nil {
		return err
	}
	wait(ctx, f.between(2*time.Second, 5*time.Second))
	resume()
	return nil
}

// cutNetwork cuts a server off from all Postgres for a while. The server is not ready then.
func (f *faults) cutNetwork(ctx context.Context) error {
	links := f.postgres.servers[f.random.IntN(servers)]
	for _, l := range links {
		l.cut()
	}
	wait(ctx, f.between(3*time.Second, 8*time.Second))
	for _, l := range links {
		l.mend()
	}
	return nil
}

// killPrimary kills the primary. The operator's tool promotes a standby, and later makes the dead one a standby.
func (f *faults) killPrimary(ctx context.Context) error {
	dead, err := f.postgres.kill()
	if err != nil {
		return err
	}
	f.ledger.died()
	if err := f.postgres.failOver(ctx); err != nil {
		return err
	}
	promoted := time.Now()
	if err := await(ctx, "all servers to be ready after the promotion", time.Minute, func(ctx context.Context) bool {
		for _, s := range f.servers {
			if !s.isReady(ctx) {
				return false
			}
		}
		return true
	}); err != nil {
		return err
	}
	f.progress("all servers are ready %s after the promotion of %s", round(time.Since(promoted)), f.postgres.nodes[f.postgres.primary].name)
	return f.postgres.rejoin(ctx, dead)
}
