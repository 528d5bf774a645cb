package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/platform/database"
)

const (
	// claimBatch is how many users are claimed at a time. It is small, so that they are
	// done before their claims expire even if Kratos is slow.
	claimBatch = 10
	// claimDuration is how long a claim holds at least.
	claimDuration = 45 * time.Second
)

// EachClaimed calls do with the users that the conditions hold for, ordered by id, except those that
// a call of EachClaimed has claimed during about the last minute. Any number of processes may call it
// at the same time, and each user is claimed by one of them. A user for whom the conditions still hold
// after the claim has expired is claimed again. now is the caller's time. An error of do does not stop
// the others, one of the database does.
func EachClaimed(
	ctx context.Context, db *ent.Client, now time.Time, do func(context.Context, *ent.User) error, conditions ...predicate.User,
) error {
	var failures []error
	for {
		rows, err := claim(ctx, db, now, conditions)
		failures = append(failures, err)
		for _, row := range rows {
			failures = append(failures, do(ctx, row))
		}
		if len(rows) < claimBatch || ctx.Err() != nil {
			return errors.Join(failures...)
		}
	}
}

// claim claims a batch of users.
func claim(ctx context.Context, db *ent.Client, now time.Time, conditions []predicate.User) ([]*ent.User, error) {
	due := sql.Dialect(dialect.Postgres).Select(user.FieldID).From(sql.Table(user.Table))
	user.And(append(conditions, user.Or(user.NextAttemptAtIsNil(), user.NextAttemptAtLTE(now)))...)(due)
	ids, err := database.Claim(ctx, db, user.Table, due.OrderBy(user.FieldID).Limit(claimBatch), now, claimDuration)
	if err != nil {
		return nil, err
	}
	claimed, err := db.User.Query().Where(database.FieldIn(user.FieldID, ids)).Order(user.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("load claimed users: %w", err)
	}
	return claimed, nil
}
