package projection_test

import (
	"slices"
	"strings"
	"testing"
)

// exploration is the result of a breadth-first search.
type exploration struct {
	states []state
	// parents holds for every state the one it was first reached from.
	parents []int32
	index   map[state]int32
	// successors of state i are edges[offsets[i]:offsets[i+1]].
	edges, offsets []int32
	// violation is the first broken rule, and bad the state that breaks it.
	violation string
	bad       int32
}

// explore visits every state that m can reach, nearest first, until one breaks a rule.
func explore(m protocol) *exploration {
	x := &exploration{index: map[state]int32{}}
	for _, s := range m.initial() {
		x.visit(s, -1)
	}
	var found []transition
	for i := int32(0); int(i) < len(x.states); i++ {
		if x.violation = x.states[i].violation(); x.violation != "" {
			x.bad = i
			return x
		}
		x.offsets = append(x.offsets, int32(len(x.edges)))
		found = m.transitions(x.states[i], found[:0])
		for _, t := range found {
			x.edges = append(x.edges, x.visit(t.next, i))
		}
	}
	x.offsets = append(x.offsets, int32(len(x.edges)))
	if stuck := x.stuck(); stuck >= 0 {
		x.violation, x.bad = "the run cannot end any more", stuck
	}
	return x
}

// visit returns the index of a state, which it adds if it is new.
func (x *exploration) visit(s state, parent int32) int32 {
	i, known := x.index[s]
	if !known {
		i = int32(len(x.states))
		x.index[s] = i
		x.states = append(x.states, s)
		x.parents = append(x.parents, parent)
	}
	return i
}

// stuck returns the first state from which no drained state can be reached, or -1.
func (x *exploration) stuck() int32 {
	ends := make([]bool, len(x.states))
	for changed := true; changed; {
		changed = false
		// Successors mostly come later.
		for i := len(ends) - 1; i >= 0; i-- {
			if ends[i] {
				continue
			}
			successors := x.edges[x.offsets[i]:x.offsets[i+1]]
			ends[i] = x.states[i].drained() || slices.ContainsFunc(successors, func(j int32) bool { return ends[j] })
			changed = changed || ends[i]
		}
	}
	return int32(slices.Index(ends, false))
}

// path describes a shortest run that ends in a state.
func (x *exploration) path(m protocol, end int32) string {
	var names []string
	for ; x.parents[end] >= 0; end = x.parents[end] {
		for _, t := range m.transitions(x.states[x.parents[end]], nil) {
			if t.next == x.states[end] {
				names = append(names, t.name)
				break
			}
		}
	}
	slices.Reverse(names)
	return strings.Join(names, "\n\t")
}

// TestProtocol_Interleavings visits every interleaving of two writers, each of which
// changes the row once, two workers and, where it says so, a reconciliation.
func TestProtocol_Interleavings(t *testing.T) {
	t.Parallel()
	for name, model := range map[string]protocol{
		"three faults":                      {maxFaults: 3},
		"a slow owner":                      {maxFaults: 1, slowOwners: true},
		"a slow owner and another fault":    {maxFaults: 2, slowOwners: true, noReconciliation: true},
		"a restored Keto and another fault": {maxFaults: 1, restored: true},
		"two reconciliations":               {restored: true, twoReconciliations: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := explore(model)
			t.Logf("explored %d states and %d transitions", len(x.states), len(x.edges))
			if x.violation != "" {
				t.Errorf("%s:\n\t%s", x.violation, x.path(model, x.bad))
			}
		})
	}
}

// TestProtocol_EveryPartIsNeeded leaves out one part of the protocol at a time. The
// exploration must find the run that goes wrong.
//
// The limit of outbox.claimDue is not among the parts, because the model has one object:
// TestOutbox_ClaimLimit checks it.
func TestProtocol_EveryPartIsNeeded(t *testing.T) {
	t.Parallel()
	for name, model := range map[string]protocol{
		"version": {noVersion: true},
		"claim":   {maxFaults: 1, noReconciliation: true, noClaim: true},
		"recheck": {maxFaults: 1, noRecheck: true},
		"recheck by an attempt that begins later": {maxFaults: 1, recheckEndsAttempt: true},
		"enqueueing of lost claims by complete":   {maxFaults: 1, slowOwners: true, noReconciliation: true, noRequeueByComplete: true},
		"enqueueing of lost claims by fail":       {maxFaults: 2, slowOwners: true, noReconciliation: true, noRequeueByFail: true},
		"recheck of lost claims by fail":          {maxFaults: 2, slowOwners: true, noReconciliation: true, noRecheckByFail: true},
		"reconciliation's second look":            {noSecondLook: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := explore(model)
			if x.violation == "" {
				t.Fatalf("%d states were explored and every rule holds in them", len(x.states))
			}
			t.Logf("%s, after %d states:\n\t%s", x.violation, len(x.states), x.path(model, x.bad))
		})
	}
}
