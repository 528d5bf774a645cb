package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
)

// atOnce is how many users the janitor loads together.
const atOnce = 100

// slack is how much longer than a flow a sign-up may take: the last moment to hand
// it in, and the time that Kratos then needs.
const slack = 10 * time.Minute

// Janitor finishes what sign-ups and deletions have left undone. Any number of
// programs may run it at once.
type Janitor struct {
	db         *ent.Client
	users      *Book
	deleter    *Deleter
	identities *Identities
	lifespan   time.Duration
	now        func() time.Time
}

// NewJanitor returns a janitor. lifespan is that of a registration flow of
// Kratos's.
func NewJanitor(db *ent.Client, deleter *Deleter, identities *Identities, lifespan time.Duration, now func() time.Time) *Janitor {
	return &Janitor{db: db, users: NewBook(db), deleter: deleter, identities: identities, lifespan: lifespan, now: now}
}

// Pass settles the sign-ups whose time is over and has Kratos and Keto forget those
// who have left. What fails is left for the next pass.
func (j *Janitor) Pass(ctx context.Context) error {
	return errors.Join(
		j.each(ctx, j.settle, user.IdentityIDIsNil(), user.DeletedAtIsNil(), user.CreatedAtLT(j.now().Add(-j.lifespan-slack))),
		j.each(ctx, j.deleter.forget, user.DeletedAtNotNil(), user.ForgottenAtIsNil()),
	)
}

// each calls do for every user that the conditions hold for, and goes on after
// one that fails.
func (j *Janitor) each(ctx context.Context, do func(context.Context, *ent.User) error, conditions ...predicate.User) error {
	var failures []error
	for last := uuid.Nil; ; {
		rows, err := j.db.User.Query().
			Where(conditions...).Where(user.IDGT(last)).
			Order(user.ByID()).Limit(atOnce).
			All(ctx)
		if err != nil {
			return fmt.Errorf("look for unfinished accounts: %w", err)
		}
		for _, row := range rows {
			if err := do(ctx, row); err != nil {
				failures = append(failures, err)
			}
		}
		if len(rows) < atOnce || ctx.Err() != nil {
			return errors.Join(failures...)
		}
		last = rows[len(rows)-1].ID
	}
}

// settle ends a pending sign-up: with its identity, if Kratos has stored one and
// only the word of it was lost, and otherwise by forgetting about it.
func (j *Janitor) settle(ctx context.Context, pending *ent.User) error {
	identity, err := j.identities.WithAddress(ctx, pending.Email)
	switch {
	case err == nil && identity.UserID == pending.ID:
		_, err = j.users.Of(ctx, identity)
	case err == nil || errors.Is(err, ErrNoIdentity):
		_, err = j.db.User.Delete().Where(user.ID(pending.ID), user.IdentityIDIsNil()).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("settle the sign-up of user %s: %w", pending.ID, err)
	}
	return nil
}
