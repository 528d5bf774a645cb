package account

import (
	"context"
	"fmt"
	"iter"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/platform/database"
)

const (
	// claimBatch is how many users are claimed at a time. It is small, so that they are
	// done before their claims expire even if Kratos is slow.
	claimBatch = 10
	// claimDuration is how long a claim holds at least, in seconds.
	claimDuration = 45
	// claimJitter is how much longer it may hold, in seconds. Users who were claimed
	// together, and failed, are therefore spread over the next passes of all servers.
	claimJitter = 30
)

// Claim returns the users that the conditions hold for, ordered by id, except those that
// a call of Claim has returned during about the last minute. Any number of processes may
// iterate at the same time, and each user is returned to one of them. A user for whom the
// conditions still hold after the claim has expired is returned again. now is the
// caller's time. The iteration stops after an error of the database.
func Claim(ctx context.Context, db *ent.Client, now time.Time, conditions ...predicate.User) iter.Seq2[*ent.User, error] {
	return func(yield func(*ent.User, error) bool) {
		for {
			rows, err := claim(ctx, db, now, conditions)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if len(rows) < claimBatch || ctx.Err() != nil {
				return
			}
		}
	}
}

// claim claims a batch of users.
func claim(ctx context.Context, db *ent.Client, now time.Time, conditions []predicate.User) ([]*ent.User, error) {
	due := sql.Dialect(dialect.Postgres).Select(user.FieldID).From(sql.Table(user.Table))
	user.And(append(conditions, user.Or(user.NextAttemptAtIsNil(), user.NextAttemptAtLTE(now)))...)(due)
	query, arguments := due.OrderBy(user.FieldID).Limit(claimBatch).ForUpdate(sql.WithLockAction(sql.SkipLocked)).Query()
	n := len(arguments)
	// MATERIALIZED, because Postgres may otherwise run the subquery more than once, and
	// claim more than the limit.
	rows, err := db.QueryContext(ctx, fmt.Sprintf(`
		WITH due AS MATERIALIZED (%s)
		UPDATE users SET next_attempt_at = $%d::timestamptz + ($%d::float8 + random() * $%d::float8) * interval '1 second'
		FROM due WHERE users.id = due.id
		RETURNING users.id`, query, n+1, n+2, n+3), append(arguments, now, claimDuration, claimJitter)...)
	if err != nil {
		return nil, fmt.Errorf("claim users: %w", err)
	}
	defer rows.Close()
	var ids []uuid.UUID
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("claim users: %w", err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("claim users: %w", err)
	}
	claimed, err := db.User.Query().Where(database.FieldIn(user.FieldID, ids)).Order(user.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("load claimed users: %w", err)
	}
	return claimed, nil
}
