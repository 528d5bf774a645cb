package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/catfoster/catfoster/e2e/harness"
)

const (
	// chaosActors is how many members send mutations at the same time.
	chaosActors = 20
	// chaosMutations is how many mutations they send altogether, unless the environment
	// variable CATFOSTER_CHAOS_MUTATIONS has another number.
	chaosMutations = 2000
)

// chaos is one run of the chaos test.
type chaos struct {
	seed      uint64
	mutations int
	stack     *harness.OwnPostgres
	program   harness.Program
	replicas  []*harness.Replica
	ledger    *ledger
	// over is closed when the actors have sent all mutations.
	over chan struct{}
}

// TestChaos_EndsConsistent sends random mutations of twenty actors to two servers while
// services fail and reconciliations run. In the end no acknowledged change may be lost,
// nobody may have done what the permission model forbids, and Keto must hold the tuples
// that follow from the rows. The files chaos_*_test.go have one part each:
//
//   - an actor sends mutations;
//   - the ledger records what was sent and what was answered;
//   - the faults pause, cut and kill services;
//   - the reconcilers run the command reconcile;
//   - the checks compare the ledger with Postgres, Keto and Kratos.
//
// The environment variable CATFOSTER_CHAOS_SEED repeats the random choices of a run, but
// not the order in which the mutations of different actors arrive.
func TestChaos_EndsConsistent(t *testing.T) {
	t.Parallel()
	c := newChaos(t, int(environmentNumber(t, "CATFOSTER_CHAOS_MUTATIONS", chaosMutations)), "")
	t.Logf("the seed is %d", c.seed)
	actors := c.newActors(t)

	var disturbing sync.WaitGroup
	disturbing.Go(func() { c.injectFaults(t) })
	disturbing.Go(func() { c.reconcileRepeatedly(t) })
	disturbing.Go(func() { c.dryRunRepeatedly(t) })
	c.act(t, actors)
	close(c.over)
	disturbing.Wait()

	c.drain(t)
	c.checkRows(t)
	c.checkTuples(t, "at the end")
	c.restoreKeto(t)
	c.ledger.report(t, c.seed, c.mutations)
}

// newChaos starts two servers, which send mails if smtpURL is not empty.
func newChaos(t *testing.T, mutations int, smtpURL string) *chaos {
	t.Helper()
	c := &chaos{
		seed:      uint64(environmentNumber(t, "CATFOSTER_CHAOS_SEED", time.Now().UnixNano())),
		mutations: mutations,
		stack:     env.NewOwnPostgres(t),
		program:   env.Program(t),
		ledger:    newLedger(),
		over:      make(chan struct{}),
	}
	config := c.stack.Config
	if smtpURL != "" { // The links in mails need an origin.
		config.Mail.SMTPURL, config.Kratos.Proxy, config.Kratos.BrowserURL = smtpURL, true, "https://cats.example/.ory/kratos/public/"
	}
	for range 2 {
		c.replicas = append(c.replicas, env.StartReplica(t, c.program, config))
	}
	return c
}

// environmentNumber returns the number in an environment variable.
func environmentNumber(t *testing.T, name string, unset int64) int64 {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		return unset
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n <= 0 {
		t.Fatalf("%s is %q, want a positive number", name, value)
	}
	return n
}

// random returns the random choices of one part of the run.
func (c *chaos) random(part int) *rand.Rand {
	return rand.New(rand.NewPCG(c.seed, uint64(part)))
}

// newActor signs a member up, and returns an actor. part is that of its random numbers.
func (c *chaos) newActor(t *testing.T, part int, name string) *actor {
	t.Helper()
	a := &actor{chaos: c, random: c.random(part)}
	a.signUp(t, name)
	c.replicas[0].UserID(t, a.account.Token) // The stack has its own database.
	return a
}

// newActors returns the actors, of whom the first is a super admin.
func (c *chaos) newActors(t *testing.T) []*actor {
	t.Helper()
	actors := make([]*actor, chaosActors)
	for n := range actors {
		actors[n] = c.newActor(t, n, fmt.Sprintf("Actor %d", n))
	}
	super := actors[0].account
	c.stack.MakeSuperAdmin(t, super.ID)
	super.superAdmin, super.role = true, adminRole{admin: true, mayAct: true}
	return actors
}

// act lets the actors send all mutations, and backs up Keto after a quarter of them.
func (c *chaos) act(t *testing.T, actors []*actor) {
	t.Helper()
	var sent atomic.Int64
	var acting sync.WaitGroup
	for _, a := range actors {
		acting.Go(func() {
			for {
				switch n := int(sent.Add(1)); {
				case n > c.mutations:
					return
				case n == c.mutations/4:
					c.stack.BackUpKeto(t)
				}
				a.step(t)
			}
		})
	}
	acting.Wait()
}
