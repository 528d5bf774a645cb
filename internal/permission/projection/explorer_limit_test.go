package projection_test

import (
	"fmt"
	"testing"
)

// The protocol's model has one object. This one has the entries of several objects, and
// only the part of the protocol that is about them: claiming up to a limit.

const (
	limitEntries = 5
	limitWorkers = 2
	limitClaims  = 2 // per worker, as syncConcurrency
)

// owners are the workers that have claimed the entries: 0 is nobody, done a deleted entry.
type owners [limitEntries]int8

const done = -1

// held returns how many entries a worker has claimed.
func (s owners) held(worker int8) (n int) {
	for _, owner := range s {
		if owner == worker {
			n++
		}
	}
	return n
}

// subquery returns the possible results of the subquery of outbox.claimDue, applied: it takes
// any unclaimed entries up to a limit, because it skips those that another transaction has
// locked.
func (s owners) subquery(worker int8, limit int) []owners {
	results := []owners{s}
	for i := range s {
		if limit == 0 || s[i] != 0 {
			continue
		}
		next := s
		next[i] = worker
		results = append(results, next.subquery(worker, limit-1)...)
	}
	return results
}

// claimDue returns the possible results of outbox.claimDue. If the subquery is not
// materialized, a plan may run it once more for every row of the table; it then skips the
// rows that the statement has updated, and takes others.
func (s owners) claimDue(worker int8, materialized bool) []owners {
	limit := limitClaims - s.held(worker)
	results := s.subquery(worker, limit)
	if materialized || limit == 0 {
		return results
	}
	for _, first := range results {
		results = append(results, first.subquery(worker, limit)...)
	}
	return results
}

// exploreLimit visits all states and returns their number, and how a worker got more claims
// than it can sync at a time, if one did.
func exploreLimit(materialized bool) (states int, violation string) {
	queue, seen := []owners{{}}, map[owners]bool{{}: true}
	for ; states < len(queue); states++ {
		s := queue[states]
		for worker := int8(1); worker <= limitWorkers; worker++ {
			if held := s.held(worker); held > limitClaims {
				return states, fmt.Sprintf("worker %d has claimed %d entries: %v", worker, held, s)
			}
			next := s.claimDue(worker, materialized)
			for i, owner := range s { // Syncer.sync, outbox.complete
				if owner == worker {
					completed := s
					completed[i] = done
					next = append(next, completed)
				}
			}
			for _, n := range next {
				if !seen[n] {
					seen[n] = true
					queue = append(queue, n)
				}
			}
		}
	}
	if last := (owners{done, done, done, done, done}); !seen[last] {
		return states, "the entries are never all synced"
	}
	return states, ""
}

// TestProtocol_ClaimLimit explores two workers that claim and sync five entries. A worker
// with more claims than it can sync at a time would let some of them expire. Without the
// materialized subquery that happens.
func TestProtocol_ClaimLimit(t *testing.T) {
	t.Parallel()
	states, violation := exploreLimit(true)
	if violation != "" {
		t.Error(violation)
	}
	t.Logf("explored %d states", states)
	if _, violation := exploreLimit(false); violation == "" {
		t.Error("the exploration finds nothing without the materialized subquery")
	} else {
		t.Logf("without the materialized subquery: %s", violation)
	}
}
