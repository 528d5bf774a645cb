// Command cluster starts on this machine what a community runs on several: three API servers behind a balancer, a primary of Postgres
// with two standbys, two Kratos and two Keto. Members use the pages' operations meanwhile, and with -faults servers, services and
// the network fail. At the end nothing that was acknowledged may be lost. `make cluster` calls it; see docs/scaling.md.
//
// The parts are in one file each:
//
//   - the cluster starts everything (cluster.go): HTTP balancers (balancer.go), TCP links that can be cut (link.go), and Postgres, with
//     what an operator's tool does when the primary dies (postgres.go);
//   - the stories are what members do, and what they must see (story.go);
//   - the faults disturb the cluster (faults.go);
//   - the ledger records answers, faults and violations (ledger.go), the checks look for what is lost (checks.go).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// patience is how much longer than asked for a run may take: every fault comes once at least, and the last one ends.
const patience = 5 * time.Minute

// options are the flags.
type options struct {
	faults  bool
	seed    uint64
	length  time.Duration
	stories int
	keep    bool
}

func main() {
	var o options
	flag.BoolVar(&o.faults, "faults", false, "kill, pause and cut off servers, services and Postgres")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()),
		"repeat the random choices of a run, but not the order in which things happen")
	flag.DurationVar(&o.length, "for", time.Minute, "how long members use the cluster")
	flag.IntVar(&o.stories, "stories", 8, "how many pairs of members there are")
	flag.BoolVar(&o.keep, "keep", false, "keep data and logs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ok, err := run(ctx, o, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// run runs a cluster, and returns whether it has kept all promises.
func run(ctx context.Context, o options, out io.Writer) (ok bool, err error) {
	began := time.Now()
	progress := func(format string, arguments ...any) {
		fmt.Fprintf(out, "%6.1f s  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, arguments...))
	}
	fmt.Fprintf(out, "The seed is %d.\n", o.seed)
	dir, err := os.MkdirTemp("", "catfoster-cluster-")
	if err != nil {
		return false, err
	}
	if o.keep {
		fmt.Fprintln(out, "Data and logs are in", dir)
	} else {
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	c, err := startCluster(ctx, dir, progress)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	l := newLedger()
	stories, err := newStories(ctx, c, l, o)
	if err != nil {
		return false, err
	}
	progress("Members use the cluster at %s.", c.URL)
	if err := use(ctx, c, l, stories, o, progress); err != nil {
		l.print(out)
		return false, err
	}
	progress("Looking for what is lost.")
	if err := check(ctx, c, l, stories); err != nil {
		l.print(out)
		return false, err
	}
	ok = l.print(out)
	fmt.Fprintf(out, "The seed was %d.\n", o.seed)
	return ok, nil
}

func newStories(ctx context.Context, c *cluster, l *ledger, o options) ([]*story, error) {
	shared := newLoad(c, l)
	stories := make([]*story, o.stories)
	for i := range stories {
		var err error
		if stories[i], err = shared.newStory(ctx, i, random(o.seed, i+1)); err != nil {
			return nil, err
		}
	}
	return stories, nil
}

// random returns the random choices of a part of the run.
func random(seed uint64, part int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(part)))
}

// use lets the members use the cluster, and disturbs it meanwhile.
func use(ctx context.Context, c *cluster, l *ledger, stories []*story, o options, progress func(string, ...any)) error {
	within, cancel := context.WithTimeout(ctx, o.length+patience)
	defer cancel()
	asked, end := context.WithTimeout(within, o.length)
	defer end()
	using, stop := context.WithCancel(within)
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	for _, s := range stories {
		running.Go(func() { s.run(using) })
	}
	if o.faults {
		f := &faults{cluster: c, ledger: l, random: random(o.seed, 0), progress: progress}
		if err := f.run(asked, within); err != nil {
			return err
		}
	}
	<-asked.Done()
	if o.faults {
		wait(within, grace+time.Second) // Nothing may fail any more.
	}
	return ctx.Err()
}
