package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/events"
	"github.com/catfoster/catfoster/internal/platform/live"
)

// repeated is how long a call of Kratos may repeat an earlier one. What happens twice within it is told once: its mail has not been
// sent yet, and stands for both.
const repeated = 10 * time.Second

// Tell lets the member of an identity hear of a change of the account, by the kind of the event. The system is its actor: nobody
// knows whether it was the member.
//
// All servers forget the member: such a change may have ended sessions, and what they may do.
func (u *Users) Tell(ctx context.Context, id uuid.UUID, kind string) error {
	row, err := u.find(ctx, id)
	if ent.IsNotFound(err) {
		return nil // Nobody has used the identity yet.
	}
	if err == nil {
		err = u.inTransaction(ctx, func(tx *ent.Tx) error {
			if err := live.Forget(ctx, tx, row.ID); err != nil {
				return err
			}
			return tellOnce(ctx, tx, row, kind)
		})
	}
	if err != nil && !errors.Is(err, ErrDeleted) {
		return fmt.Errorf("tell the member of identity %s of %s: %w", id, kind, err)
	}
	return nil
}

// confirmAddress notes in one transaction that the mailbox of an identity has confirmed its address, and that the member is told
// if it is another one than before.
func (u *Users) confirmAddress(ctx context.Context, row *ent.User, email string) error {
	before := row.ConfirmedEmail
	if before == nil || kratos.NormalEmail(*before) == kratos.NormalEmail(email) {
		return u.update(ctx, row.Update().SetConfirmedEmail(email))
	}
	return u.inTransaction(ctx, func(tx *ent.Tx) error {
		moved, err := tx.User.Update().
			Where(user.ID(row.ID), user.DeletedAtIsNil(), user.ConfirmedEmail(*before)).SetConfirmedEmail(email).Save(ctx)
		if err != nil || moved == 0 { // Somebody else was faster, or the account has been deleted.
			return err
		}
		return tell(ctx, tx, row, notification.EventEmail, map[string]string{notification.DataFrom: *before})
	})
}

// tellOnce records a change of an account, unless it was recorded a moment ago.
func tellOnce(ctx context.Context, tx *ent.Tx, row *ent.User, kind string) error {
	if _, err := Lock(ctx, tx, row.ID); err != nil {
		return err
	}
	told, err := tx.Event.Query().
		Where(event.SubjectID(row.ID), event.Kind(kind), event.CreatedAtGT(time.Now().Add(-repeated))).Exist(ctx)
	if err != nil || told {
		return err
	}
	return tell(ctx, tx, row, kind, nil)
}

// tell records a change of an account, whose row the transaction has locked.
func tell(ctx context.Context, tx *ent.Tx, row *ent.User, kind string, data map[string]string) error {
	return events.Record(ctx, tx, events.Happening{
		Kind: kind, Subject: string(keto.User), ID: row.ID, Party: fostering.System, Data: data, Owner: row.ID,
	})
}

// inTransaction runs f in a transaction, and commits if it returns no error.
func (u *Users) inTransaction(ctx context.Context, f func(*ent.Tx) error) error {
	tx, err := u.db.Tx(ctx)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
