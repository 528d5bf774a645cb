package e2e

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
)

// TestSync_Chaos sends random mutations of twenty actors to two servers while Keto is
// paused, killed and restarted, servers are killed, and reconciliations run. In the end
// Keto must hold the right tuples, no acknowledged change may be lost, and nobody may have
// done what the permission model forbids.
func TestSync_Chaos(t *testing.T) {
	t.Parallel()
	const actors, mutations = 20, 2000
	seed := uint64(time.Now().UnixNano())
	t.Logf("the seed is %d", seed)
	stack, program := env.NewIsolatedStack(t), harness.BuildProgram(t)
	replicas := []*harness.Replica{env.StartReplica(t, program, stack.Config), env.StartReplica(t, program, stack.Config)}
	l := &ledger{responses: map[string]int{}}
	everybody := make([]*actor, actors)
	for n := range everybody {
		everybody[n] = &actor{
			Member: env.NewMember(t, fmt.Sprintf("Actor %d", n)), number: n, admin: n == 0, replicas: replicas, ledger: l,
			random: rand.New(rand.NewPCG(seed, uint64(n))),
		}
	}
	if err := stack.Keto.Insert(t.Context(), harness.Membership(everybody[0].ID)); err != nil {
		t.Fatal(err)
	}

	var left atomic.Int64
	left.Store(mutations)
	over := make(chan struct{})
	var acting, disturbing sync.WaitGroup
	for _, a := range everybody {
		acting.Go(func() {
			for left.Add(-1) >= 0 {
				a.step(t)
			}
		})
	}
	disturbing.Go(func() { injectFaults(t, stack, rand.New(rand.NewPCG(seed, actors)), replicas, over) })
	disturbing.Go(func() { reconcileUntil(t, stack, over) })
	acting.Wait()
	close(over)
	disturbing.Wait()

	harness.Await(t, "all marks to be synced", func() bool { return stack.Marks(t) == 0 })
	requireNoDifferences(t, stack)
	l.check(t, stack)
	t.Logf("%d cats, %d fosterings, responses %v", len(l.cats), len(l.fosterings), l.responses)
}

// injectFaults pauses and kills Keto and servers at random until over is closed. It leaves
// everything running.
func injectFaults(t *testing.T, stack *harness.IsolatedStack, random *rand.Rand, replicas []*harness.Replica, over <-chan struct{}) {
	t.Helper()
	wait := func(most time.Duration) bool {
		select {
		case <-over:
			return false
		case <-time.After(time.Duration(random.Int64N(int64(most)))):
			return true
		}
	}
	for wait(4 * time.Second) {
		victim := replicas[random.IntN(len(replicas))]
		switch random.IntN(4) {
		case 0, 1:
			stack.PauseKeto(t)
			wait(3 * time.Second)
			if random.IntN(2) == 0 { // Kill the server while it waits for Keto.
				victim.Kill()
				victim.Start(t)
			}
			stack.ResumeKeto(t)
		case 2:
			stack.KillKeto(t)
			wait(time.Second)
			stack.StartKeto(t)
		default:
			victim.Kill()
			wait(300 * time.Millisecond)
			victim.Start(t)
		}
	}
}

// reconcileUntil reconciles again and again until over is closed: a reconciliation must not
// damage what servers change at the same time.
func reconcileUntil(t *testing.T, stack *harness.IsolatedStack, over <-chan struct{}) {
	t.Helper()
	for {
		select {
		case <-over:
			return
		case <-time.After(500 * time.Millisecond):
			_ = stack.Reconcile(t.Context()) // It fails while Keto is unreachable.
		}
	}
}
