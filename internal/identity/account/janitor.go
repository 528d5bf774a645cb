package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/identity/kratos"
)

// grace is how much longer than its flow a sign-up may take: the form may be submitted
// at the last moment, and Kratos needs some time after that.
const grace = 10 * time.Minute

// Janitor ends the sign-ups that are still pending after their form has expired, and the
// changes of address that nobody has confirmed in time. Any number of processes may run it:
// each is claimed by one of them, so that Kratos is asked about it once.
type Janitor struct {
	db       *ent.Client
	users    *Users
	kratos   *kratos.Admin
	lifespan time.Duration
	now      func() time.Time
}

// NewJanitor returns a janitor. lifespan is that of Kratos's registration flows, now is
// the clock.
func NewJanitor(db *ent.Client, users *Users, admin *kratos.Admin, lifespan time.Duration, now func() time.Time) *Janitor {
	return &Janitor{db: db, users: users, kratos: admin, lifespan: lifespan, now: now}
}

// FinishSignUps ends the sign-ups whose form has expired. What fails is left for a
// later call, about a minute later.
func (j *Janitor) FinishSignUps(ctx context.Context) error {
	expired := user.CreatedAtLT(j.now().Add(-j.lifespan - grace))
	return EachClaimed(ctx, j.db, j.now(), j.finish, user.IdentityIDIsNil(), user.DeletedAtIsNil(), expired)
}

// finish binds a pending user to its identity if Kratos has stored one, and deletes it
// otherwise.
func (j *Janitor) finish(ctx context.Context, pending *ent.User) error {
	identity, err := j.kratos.IdentityByEmail(ctx, pending.Email)
	switch {
	case err == nil && identity.UserID == pending.ID:
		_, _, err = j.users.Refresh(ctx, identity.ID)
	case err == nil || errors.Is(err, kratos.ErrNoIdentity):
		_, err = j.db.User.Delete().Where(user.ID(pending.ID), user.IdentityIDIsNil()).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("finish the sign-up of user %s: %w", pending.ID, err)
	}
	return nil
}

// DropNewEmails drops the new addresses that were not confirmed in time. What fails is left for
// a later call, about a minute later.
func (j *Janitor) DropNewEmails(ctx context.Context) error {
	lapsed := user.NewEmailAtLT(j.now().Add(-newEmailLifespan))
	return EachClaimed(ctx, j.db, j.now(), j.users.dropNewEmail, user.NewEmailNotNil(), lapsed, Registered())
}
