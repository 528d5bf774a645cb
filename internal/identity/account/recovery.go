package account

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// Recover gives an account to the owner of the mailbox alone, after Kratos has accepted the
// code of a recovery, and before the session that follows exists. Whoever knows the password or
// has a session may be somebody else, who signed up with the address or moved an account to it;
// so may be whoever has the second factor, unless the mailbox had confirmed the address before.
//
// Nobody logs in with an address that was not confirmed before until Recover has confirmed it, so
// Recover may be repeated after an error. See [MayLogIn].
func (u *Users) Recover(ctx context.Context, id uuid.UUID) error {
	identity, row, err := u.Refresh(ctx, id)
	if err != nil {
		return err
	}
	// Twice, because Kratos may be working on a form at this moment: it stores a password or a second
	// factor some time after it has asked [IsStale], and each store writes all credentials anew. After
	// the first round no form of before is accepted any more, so the second round has the last word.
	for range 2 {
		if err := u.takeAway(ctx, row, !isConfirmed(row, identity)); err != nil {
			return err
		}
	}
	return u.Confirm(ctx, id)
}

// takeAway ends all sessions on all servers, replaces the password, deletes the second factors if they may be somebody else's, and
// refuses forms that were opened before. Sessions end first and last: each could set another password, and somebody
// may log in with the old password meanwhile.
func (u *Users) takeAway(ctx context.Context, row *ent.User, factors bool) error {
	id := *row.IdentityID
	if err := u.kratos.EndSessions(ctx, id); err != nil {
		return err
	}
	if err := u.kratos.ReplacePassword(ctx, id); err != nil {
		return err
	}
	if factors {
		if _, err := u.kratos.DeleteSecondFactors(ctx, id); err != nil {
			return err
		}
	}
	at, err := u.kratos.Mark(ctx, id)
	if err != nil {
		return err
	}
	if err := u.update(ctx, row.Update().SetRecoveredAt(at)); err != nil {
		return fmt.Errorf("note the recovery of identity %s: %w", id, err)
	}
	if err := u.kratos.EndSessions(ctx, id); err != nil {
		return err
	}
	return live.Forget(ctx, u.db, row.ID)
}

// Confirm notes that the mailbox of an identity has confirmed its current address, and tells the member if that
// is another one than before. It does nothing if Kratos knows better.
func (u *Users) Confirm(ctx context.Context, id uuid.UUID) error {
	identity, row, err := u.Refresh(ctx, id)
	if err != nil || !identity.Verified {
		return err
	}
	if err := u.confirmAddress(ctx, row, identity.Email); err != nil {
		return fmt.Errorf("confirm the address of identity %s: %w", id, err)
	}
	return nil
}

func (u *Users) update(ctx context.Context, change *ent.UserUpdateOne) error {
	err := change.Where(user.DeletedAtIsNil()).Exec(ctx)
	if ent.IsNotFound(err) {
		return ErrDeleted
	}
	return err
}

// MayLogIn reports whether the address of an identity counts. Kratos marks it as verified
// before it calls our webhooks. Until they have done their work, the password may be that of
// somebody else.
func MayLogIn(row *ent.User, identity kratos.Identity) bool {
	return identity.Verified && (!identity.Verifiable || isConfirmed(row, identity))
}

// isConfirmed reports whether the current address was confirmed by its mailbox, or by an
// operator.
func isConfirmed(row *ent.User, identity kratos.Identity) bool {
	current := kratos.NormalEmail(identity.Email)
	is := func(address string) bool { return kratos.NormalEmail(address) == current }
	return row.ConfirmedEmail != nil && is(*row.ConfirmedEmail) || is(identity.VouchedEmail)
}

// IsStale reports whether a form was opened before the account was recovered. Whoever opened
// it may be somebody else, whose request Kratos has received before the recovery and handles
// after it. The time is zero if Kratos has an older configuration.
func IsStale(row *ent.User, opened time.Time) bool {
	return row.RecoveredAt != nil && !opened.IsZero() && !opened.After(*row.RecoveredAt)
}

// IsStale is the function [IsStale] for the user of an identity.
func (u *Users) IsStale(ctx context.Context, id uuid.UUID, opened time.Time) (bool, error) {
	row, err := u.find(ctx, id)
	if ent.IsNotFound(err) {
		return false, nil // Never recovered.
	}
	if err != nil {
		return false, fmt.Errorf("find the user of identity %s: %w", id, err)
	}
	return IsStale(row, opened), nil
}
