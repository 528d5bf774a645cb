package e2e

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
)

// freezeTime is how long a server is frozen. It is longer than the claims of the outbox
// hold and than Postgres keeps an idle transaction.
const freezeTime = 28 * time.Second

// faults disturbs the services at random, one fault after the other. Only a frozen server
// stays frozen during other faults.
type faults struct {
	*chaos
	random *rand.Rand
	// frozen is the server that is frozen until the timer has ended, nil if there is none.
	frozen *harness.Replica
	timer  *time.Timer
}

// injectFaults disturbs the services until the run is over. It leaves everything running.
func (c *chaos) injectFaults(t *testing.T) {
	t.Helper()
	f := &faults{chaos: c, random: c.random(chaosActors)}
	type kind struct {
		name   string
		inject func(*testing.T)
	}
	// Each round has all of them in a random order.
	kinds := []kind{
		{"pause Keto", f.pauseKeto}, {"pause Keto", f.pauseKeto}, {"kill Keto", f.killKeto}, {"kill a server", f.killServer},
		{"cut connections", f.cutConnections}, {"cut connections", f.cutConnections}, {"pause Postgres", f.pausePostgres},
	}
	injected := map[string]int{}
	freezeAt := f.random.IntN(4)
	for n := 0; f.wait(3 * time.Second); n++ {
		if n == freezeAt {
			injected["freeze a server"]++
			f.freeze(t)
		}
		f.resumeFrozen(t, false)
		if n%len(kinds) == 0 {
			f.random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
		}
		injected[kinds[n%len(kinds)].name]++
		kinds[n%len(kinds)].inject(t)
	}
	f.resumeFrozen(t, true)
	t.Logf("the faults were %v", injected)
}

// wait waits for a random time. It returns false if the run is over.
func (f *faults) wait(most time.Duration) bool {
	select {
	case <-f.over:
		return false
	case <-time.After(time.Duration(f.random.Int64N(int64(most)))):
		return true
	}
}

// server returns a random server that is not frozen.
func (f *faults) server() *harness.Replica {
	for {
		if r := f.replicas[f.random.IntN(len(f.replicas))]; r != f.frozen {
			return r
		}
	}
}

// pauseKeto pauses Keto and, at random, kills a server that waits for it.
func (f *faults) pauseKeto(t *testing.T) {
	t.Helper()
	f.stack.PauseKeto(t)
	f.wait(3 * time.Second)
	if victim := f.server(); f.random.IntN(2) == 0 {
		victim.Kill()
		victim.Start(t)
	}
	f.stack.ResumeKeto(t)
}

func (f *faults) killKeto(t *testing.T) {
	t.Helper()
	f.stack.KillKeto(t)
	f.wait(time.Second)
	f.stack.StartKeto(t)
}

func (f *faults) killServer(t *testing.T) {
	t.Helper()
	victim := f.server()
	victim.Kill()
	f.wait(300 * time.Millisecond)
	victim.Start(t)
}

// killServers kills one server after the other until the run is over.
func (c *chaos) killServers(t *testing.T) {
	t.Helper()
	for f := (&faults{chaos: c, random: c.random(100)}); f.wait(2 * time.Second); {
		f.killServer(t)
	}
}

// cutConnections cuts the connections of servers, commands and Keto to Postgres.
func (f *faults) cutConnections(t *testing.T) {
	t.Helper()
	f.stack.CutConnections(t)
}

// pausePostgres pauses Postgres and, at random, kills a server that waits for it.
func (f *faults) pausePostgres(t *testing.T) {
	t.Helper()
	f.stack.PausePostgres(t)
	f.wait(3 * time.Second)
	victim := f.server()
	kill := f.random.IntN(3) == 0
	if kill {
		victim.Kill()
	}
	f.stack.ResumePostgres(t)
	if kill {
		victim.Start(t)
	}
}

// freeze freezes a server. See resumeFrozen.
func (f *faults) freeze(t *testing.T) {
	t.Helper()
	f.frozen = f.server()
	f.frozen.Freeze(t)
	f.timer = time.NewTimer(freezeTime)
}

// resumeFrozen lets a frozen server continue when it was frozen for long enough. If wait
// is set, it waits for that.
func (f *faults) resumeFrozen(t *testing.T, wait bool) {
	t.Helper()
	if f.frozen == nil {
		return
	}
	if wait {
		<-f.timer.C
	} else {
		select {
		case <-f.timer.C:
		default:
			return
		}
	}
	f.frozen.Resume(t)
	f.frozen = nil
}
