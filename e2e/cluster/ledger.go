package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// grace is for how long after a fault requests may still fail: servers, balancers and pools have to notice that it is over.
	grace = 10 * time.Second
	// failoverLimit is for how long mutations may fail after the death of a primary.
	failoverLimit = 10 * time.Second
	// forgetLimit is how old an answer about a member may be on a server that cannot hear of changes.
	forgetLimit = 11 * time.Second
	// mostShown is how many violations of a kind are printed.
	mostShown = 10
)

// Kinds of violations.
const (
	wrong   = "wrong answers"
	lost    = "lost acknowledged writes"
	missed  = "reads that miss the viewer's own write"
	late    = "mutations that fail too long after the death of a primary"
	outdate = "members remembered for too long"
	broken  = "differences at the end"
)

// kinds returns all kinds, in the order in which they are printed.
func kinds() []string { return []string{wrong, lost, missed, late, outdate, broken} }

// answer is what a request has led to.
type answer struct {
	began, ended time.Time
	operation    string
	mutation     bool
	code         string
}

// failed reports whether a service, a server or the network has failed.
func (a answer) failed() bool { return a.code == noAnswer || a.code == "UNAVAILABLE" }

// period is a time in which there was a fault.
type period struct {
	name         string
	began, ended time.Time // ended is zero while it lasts
}

// ledger records what happens. It is safe for concurrent use.
type ledger struct {
	mu         sync.Mutex
	answers    []answer
	faults     []*period
	deaths     []time.Time // of primaries
	violations map[string][]string
	forgotten  time.Duration // how long it took at most until an ended session was refused by all servers
	ownProfile time.Duration // how long a member saw the own profile as it was before at most
}

func newLedger() *ledger { return &ledger{violations: map[string][]string{}} }

func (l *ledger) violate(kind, format string, arguments ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.violations[kind] = append(l.violations[kind], time.Now().Format("15:04:05.000 ")+fmt.Sprintf(format, arguments...))
}

func (l *ledger) answered(a answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers = append(l.answers, a)
}

// begin records that a fault begins, and returns what records its end.
func (l *ledger) begin(name string) (end func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := &period{name: name, began: time.Now()}
	l.faults = append(l.faults, p)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		p.ended = time.Now()
	}
}

// died records the death of a primary.
func (l *ledger) died() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deaths = append(l.deaths, time.Now())
}

// isExplained reports whether a fault explains that a request has failed.
func (l *ledger) isExplained(a answer) bool {
	return slices.ContainsFunc(l.faults, func(p *period) bool {
		return !a.ended.Before(p.began) && (p.ended.IsZero() || a.began.Before(p.ended.Add(grace)))
	})
}

// longest notes a duration if it is the longest of its kind.
func (l *ledger) longest(of *time.Duration, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*of = max(*of, took)
}

// judge finds the failures that no fault explains, and the mutations that failed for too long after the death of a primary. It returns
// for how long they failed at most.
func (l *ledger) judge() (longest time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.answers {
		if !a.failed() {
			continue
		}
		if !l.isExplained(a) {
			l.violations[wrong] = append(l.violations[wrong], fmt.Sprintf("%s %s at %s after %s, without a fault",
				a.operation, a.code, a.ended.Format("15:04:05.000"), a.ended.Sub(a.began).Round(time.Millisecond)))
		}
		death := l.deathBefore(a.began)
		if !a.mutation || death.IsZero() || l.hasOtherFault(death, a) {
			continue
		}
		longest = max(longest, a.ended.Sub(death))
		if a.ended.Sub(death) > failoverLimit {
			l.violations[late] = append(l.violations[late],
				fmt.Sprintf("%s %s, %s after the death", a.operation, a.code, round(a.ended.Sub(death))))
		}
	}
	return longest
}

// deathBefore returns when the last primary died before a time.
func (l *ledger) deathBefore(at time.Time) (death time.Time) {
	for _, d := range l.deaths {
		if d.Before(at) {
			death = d
		}
	}
	return death
}

// hasOtherFault reports whether a later fault than the death explains that a request has failed.
func (l *ledger) hasOtherFault(death time.Time, a answer) bool {
	return slices.ContainsFunc(l.faults, func(p *period) bool { return p.began.After(death) && !a.ended.Before(p.began) })
}

// print prints what happened, and returns whether nothing was violated.
func (l *ledger) print(w io.Writer) (ok bool) {
	failing := l.judge()
	l.mu.Lock()
	defer l.mu.Unlock()
	counts, times := map[string]map[string]int{}, map[string][]time.Duration{}
	for _, a := range l.answers {
		if counts[a.operation] == nil {
			counts[a.operation] = map[string]int{}
		}
		counts[a.operation][a.code]++
		times[a.operation] = append(times[a.operation], a.ended.Sub(a.began))
	}
	fmt.Fprintf(w, "\n%-18s %8s %8s %8s  answers\n", "operation", "p50", "p99", "slowest")
	for _, operation := range slices.Sorted(maps.Keys(counts)) {
		taken := times[operation]
		slices.Sort(taken)
		codes := make([]string, 0, len(counts[operation]))
		for _, code := range slices.Sorted(maps.Keys(counts[operation])) {
			codes = append(codes, fmt.Sprintf("%s %d", code, counts[operation][code]))
		}
		fmt.Fprintf(w, "%-18s %8s %8s %8s  %s\n", operation,
			round(taken[len(taken)/2]), round(taken[len(taken)*99/100]), round(taken[len(taken)-1]), strings.Join(codes, ", "))
	}
	l.printFaults(w)
	fmt.Fprintf(w, "\nAfter the death of a primary mutations failed for %s at most.\n"+
		"An ended session was accepted by a server for %s at most, a changed profile shown as it was before for %s.\n\n",
		round(failing), round(l.forgotten), round(l.ownProfile))
	ok = true
	for _, kind := range kinds() {
		found := l.violations[kind]
		fmt.Fprintf(w, "%d %s\n", len(found), kind)
		ok = ok && len(found) == 0
		for _, text := range found[:min(len(found), mostShown)] {
			fmt.Fprintln(w, "  ", text)
		}
	}
	return ok
}

// printFaults prints what failed after each kind of fault: a failure belongs to the last fault that had begun.
func (l *ledger) printFaults(w io.Writer) {
	type damage struct {
		times, failed int
		last          time.Duration
	}
	kinds := map[string]*damage{}
	for _, p := range l.faults {
		if kinds[p.name] == nil {
			kinds[p.name] = &damage{}
		}
		kinds[p.name].times++
	}
	for _, a := range l.answers {
		var of *period
		for _, p := range l.faults {
			if !p.began.After(a.ended) {
				of = p
			}
		}
		if of != nil && a.failed() {
			kinds[of.name].failed++
			kinds[of.name].last = max(kinds[of.name].last, a.ended.Sub(of.began))
		}
	}
	fmt.Fprintf(w, "\n%-18s %6s %8s %8s\n", "fault", "times", "failed", "until")
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(w, "%-18s %6d %8d %8s\n", name, kinds[name].times, kinds[name].failed, round(kinds[name].last))
	}
	fmt.Fprintf(w, "%d answers.\n", len(l.answers))
}

func round(d time.Duration) time.Duration {
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Millisecond)
}
