package e2e

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// drain waits until the servers have done what they were disturbed at.
func (c *chaos) drain(t *testing.T) {
	t.Helper()
	harness.Await(t, "all outbox entries to be synced", func() bool { return c.stack.Pending(t) == 0 })
	// A new server finishes the deletions of accounts at once, a running one within a
	// minute.
	for _, replica := range c.replicas {
		replica.Kill()
		replica.Start(t)
	}
	for _, account := range c.ledger.accounts {
		if account.deleted {
			harness.Await(t, "Kratos to delete the identity of a deleted account", func() bool {
				_, found := env.FindIdentity(t, account.Email)
				return !found
			})
		}
	}
}

// checkRows compares the ledger with the rows.
func (c *chaos) checkRows(t *testing.T) {
	t.Helper()
	l := c.ledger
	accounts := readColumns[string](t, c.stack, `SELECT id, CASE WHEN deleted_at IS NULL THEN name || ' ' || email ELSE '' END FROM users`)
	for _, account := range l.accounts {
		held := accounts[account.ID]
		switch {
		case account.deleted && held != "":
			l.violate(lost, "the account %s was deleted and still exists as %s", account.ID, held)
		case !account.deleting && account.known && held == "":
			l.violate(lost, "the account %s does not exist", account.ID)
		}
	}
	names := readColumns[string](t, c.stack, `SELECT id, name FROM cat_profiles WHERE archived_at IS NULL`)
	for _, cat := range l.cats {
		name, exists := names[cat.id]
		switch {
		case cat.isDeleted() && exists:
			l.violate(lost, "cat %s was deleted and still exists", cat.id)
		case !cat.mayBeDeleted() && !exists:
			l.violate(lost, "cat %s does not exist", cat.id)
		case exists && !slices.Contains(cat.names, name):
			l.violate(lost, "cat %s has the name %s, want one of %v", cat.id, name, cat.names)
		}
	}
	statuses := readColumns[fostering.Status](t, c.stack, `SELECT id, status FROM fosterings`)
	for _, f := range l.fosterings {
		status, exists := statuses[f.id]
		switch {
		case !exists:
			l.violate(lost, "fostering %s does not exist", f.id)
		case !reachable(f.status, status):
			l.violate(lost, "fostering %s was acknowledged as %s and is %s", f.id, f.status, status)
		case status == fostering.Pending && (f.participant.deleted || f.cat.isDeleted()):
			l.violate(lost, "fostering %s is pending, and the account of its participant or its cat was deleted", f.id)
		}
	}
}

// readColumns runs a query for ids and values.
func readColumns[T any](t *testing.T, stack *harness.OwnPostgres, query string) map[uuid.UUID]T {
	t.Helper()
	rows, err := stack.DB.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[uuid.UUID]T{}
	for rows.Next() {
		var id uuid.UUID
		var value T
		if err := rows.Scan(&id, &value); err != nil {
			t.Fatal(err)
		}
		found[id] = value
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

// checkTuples compares Keto with the rows and with the roles in the ledger. No outbox
// entry may be left.
func (c *chaos) checkTuples(t *testing.T, when string) {
	t.Helper()
	for _, difference := range c.stack.Differences(t) {
		c.ledger.violate(divergent, "%s %s", when, difference)
	}
	roles := c.stack.Roles(t)
	for _, account := range c.ledger.accounts {
		admin, super := roles.Admins[account.ID], roles.SuperAdmins[account.ID]
		switch {
		case account.deleted && (admin || super):
			c.ledger.violate(forbidden, "%s user %s is an admin, and the account was deleted", when, account.ID)
		case account.deleting:
		case admin && !account.role.admin:
			c.ledger.violate(forbidden, "%s user %s is an admin, which was never granted or was revoked", when, account.ID)
		case !admin && !account.role.member:
			c.ledger.violate(lost, "%s user %s is no admin, which was granted", when, account.ID)
		}
		if super && !account.superAdmin {
			c.ledger.violate(forbidden, "%s user %s is a super admin", when, account.ID)
		}
		if !super && account.superAdmin {
			c.ledger.violate(lost, "%s user %s is no super admin", when, account.ID)
		}
	}
}

// restoreKeto restores the backup of Keto, as an operator does after a loss, and
// reconciles. Then Keto must hold what it held before.
func (c *chaos) restoreKeto(t *testing.T) {
	t.Helper()
	before, after := c.stack.RestoreKeto(t)
	t.Logf("Keto holds %d tuples, and %d after the backup was restored", before, after)
	if result, output := c.dryRun(t); result != differs {
		c.ledger.violate(unexpected, "after the backup of Keto was restored a dry run prints %q, want differences", output)
	}
	if output, ok := c.program.Run(t, c.stack.Config, "reconcile"); !ok {
		c.ledger.violate(divergent, "reconcile after the backup of Keto was restored: %s", output)
	}
	harness.Await(t, "all outbox entries to be synced", func() bool { return c.stack.Pending(t) == 0 })
	c.checkTuples(t, "after the backup was restored")
	if result, output := c.dryRun(t); result != equal {
		c.ledger.violate(divergent, "after the reconciliation a dry run prints %q, want no difference", output)
	}
}
