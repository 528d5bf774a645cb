package database

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"
)

// claimJitter is how much longer a claim may hold. Rows that were claimed together, and failed, are therefore spread over the
// next passes of all servers.
const claimJitter = 30 * time.Second

// Claim claims rows for an attempt, of which each goes to one process: those that a query for ids selects, which must not have
// been claimed since. It sets their column next_attempt_at to the time at which the claim ends, about hold after now, and returns
// their ids. Rows that another process claims at the moment are skipped.
func Claim(ctx context.Context, db Querier, table string, due *sql.Selector, now time.Time, hold time.Duration) ([]uuid.UUID, error) {
	query, arguments := due.ForUpdate(sql.WithLockAction(sql.SkipLocked)).Query()
	n := len(arguments)
	// MATERIALIZED, because Postgres may otherwise run the subquery more than once, and
	// claim more than the limit.
	ids, err := Select[uuid.UUID](ctx, db, fmt.Sprintf(`
		WITH due AS MATERIALIZED (%[1]s)
		UPDATE %[2]s SET next_attempt_at = $%[3]d::timestamptz + ($%[4]d::float8 + random() * $%[5]d::float8) * interval '1 second'
		FROM due WHERE %[2]s.id = due.id
		RETURNING %[2]s.id`, query, table, n+1, n+2, n+3), append(arguments, now, hold.Seconds(), claimJitter.Seconds())...)
	if err != nil {
		return nil, fmt.Errorf("claim rows of %s: %w", table, err)
	}
	return ids, nil
}
