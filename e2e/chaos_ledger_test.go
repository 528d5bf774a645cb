package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// ledger records what the actors have sent and what was answered, and the violations that
// were found. Its entries are protected by mu.
type ledger struct {
	mu         sync.Mutex
	accounts   []*accountEntry
	cats       []*catEntry
	fosterings []*fosteringEntry
	responses  map[string]int // by mutation and code
	violations map[violation][]string
	dryRuns    int // that have compared everything
	differing  int // dry runs of those that reported differences
}

func newLedger() *ledger {
	return &ledger{responses: map[string]int{}, violations: map[violation][]string{}}
}

// violation is a kind of what must not happen.
type violation string

const (
	lost        violation = "lost"        // an acknowledged change is not in the database
	forbidden   violation = "forbidden"   // somebody did what the permission model forbids
	divergent   violation = "divergent"   // Keto does not hold what follows from the rows
	unexpected  violation = "unexpected"  // no fault explains a response
	unconfirmed violation = "unconfirmed" // a dry run reported a difference that there was not
)

// violate records a violation.
func (l *ledger) violate(kind violation, format string, arguments ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.violateLocked(kind, format, arguments...)
}

func (l *ledger) violateLocked(kind violation, format string, arguments ...any) {
	l.violations[kind] = append(l.violations[kind], fmt.Sprintf(format, arguments...))
}

// report fails the test for every violation and logs a summary.
func (l *ledger) report(t *testing.T, seed uint64, mutations int) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, kind := range slices.Sorted(maps.Keys(l.violations)) {
		for _, text := range l.violations[kind] {
			t.Errorf("%s: %s", kind, text)
		}
	}
	deleted := 0
	for _, account := range l.accounts {
		if account.deleted {
			deleted++
		}
	}
	t.Logf("%d accounts (%d deleted), %d cats, %d fosterings", len(l.accounts), deleted, len(l.cats), len(l.fosterings))
	t.Logf("%d dry runs reported differences, one of them after the backup was restored", l.differing)
	for _, response := range slices.Sorted(maps.Keys(l.responses)) {
		t.Logf("%5d %s", l.responses[response], response)
	}
	t.Logf("seed %d: %d mutations, %d lost, %d forbidden, %d divergent, %d unexpected, dry runs %d (%d unconfirmed)",
		seed, mutations, len(l.violations[lost]), len(l.violations[forbidden]), len(l.violations[divergent]),
		len(l.violations[unexpected]), l.dryRuns, len(l.violations[unconfirmed]))
}

// respond counts a response and records a violation if no fault explains it.
func (l *ledger) respond(mutation, code string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.responses[mutation+" "+code]++
	if code == "INTERNAL_SERVER_ERROR" || code == "UNAUTHENTICATED" || strings.HasSuffix(code, "errors") {
		l.violateLocked(unexpected, "the response to %s is %s", mutation, code)
	}
}

// requireAllowed records a violation if a mutation succeeded that the permission model
// forbids.
func (l *ledger) requireAllowed(code string, allowed bool, by *accountEntry, action string) {
	if code == "OK" && !allowed {
		l.violateLocked(forbidden, "user %s was allowed to %s", by.ID, action)
	}
}

// accountEntry is what is known about an account.
type accountEntry struct {
	harness.Member
	superAdmin bool
	role       adminRole
	// known is whether a mutation of the account was acknowledged.
	known bool
	// deleting is whether a deletion was sent that may have succeeded, deleted whether one
	// was acknowledged.
	deleting, deleted bool
}

// adminRole is what is known about the role of an account.
type adminRole struct {
	// admin and member are whether the account may be an admin and whether it may be an
	// ordinary member. Both are set after a response was lost.
	admin, member bool
	// mayAct is whether the account may do what only admins may. After a revocation it
	// stays set until nothing about roles is waiting to be written to Keto.
	mayAct bool
	// grants counts the grants that were sent.
	grants int
}

// settleRevocations records that the revocations that were acknowledged have taken
// effect.
func (l *ledger) settleRevocations() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, account := range l.accounts {
		account.role.mayAct = account.role.admin
	}
}

// catEntry is what is known about a cat.
type catEntry struct {
	id    uuid.UUID
	owner *accountEntry
	// names are the names that it may have: the last that was acknowledged, and those that
	// were sent after that without a response.
	names []string
	// deleting is whether a deletion was sent, deleted whether one was acknowledged.
	deleting, deleted bool
}

// mayBeDeleted returns whether the cat may have been deleted, by itself or with the
// account of its owner.
func (c *catEntry) mayBeDeleted() bool { return c.deleting || c.owner.deleting }

// isDeleted returns whether the cat must have been deleted.
func (c *catEntry) isDeleted() bool { return c.deleted || c.owner.deleted }

// fosteringEntry is what is known about a fostering.
type fosteringEntry struct {
	id          uuid.UUID
	cat         *catEntry
	participant *accountEntry
	status      fostering.Status // the last that was acknowledged
}

// reachable returns whether a fostering can get from one status to another.
func reachable(from, to fostering.Status) bool {
	if from == to {
		return true
	}
	return slices.ContainsFunc(fostering.Rules(), func(r fostering.Rule) bool {
		return r.From == from && r.To != from && reachable(r.To, to)
	})
}
