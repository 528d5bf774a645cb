package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/projection"
)

// ErrPromised says that somebody counts on the account: a fostering of the person,
// or of a cat of theirs, is approved or active.
var ErrPromised = errors.New("a fostering of yours or of one of your cats is approved or active: cancel or complete it first")

// formerName is what others see of somebody who has left.
const formerName = "Former member"

// Deleter deletes accounts: first what Postgres holds, in one transaction, then the
// roles in Keto and the identity in Kratos. From the first on the account is gone
// for everybody; the janitor repeats the rest until it succeeds.
type Deleter struct {
	db         *ent.Client
	syncer     *projection.Syncer
	keto       *keto.Client
	identities *Identities
	log        *slog.Logger
}

// NewDeleter returns a deleter.
func NewDeleter(db *ent.Client, syncer *projection.Syncer, keto *keto.Client, identities *Identities, log *slog.Logger) *Deleter {
	return &Deleter{db: db, syncer: syncer, keto: keto, identities: identities, log: log}
}

// Delete deletes the account of a user. Their cats go, with the fosterings of
// those; what they have fostered stays in the history of the others, without a
// word of theirs. The error is ErrPromised, or ErrDeleted if there is no account.
func (d *Deleter) Delete(ctx context.Context, id uuid.UUID) error {
	var gone *ent.User
	err := d.syncer.Write(ctx, func(tx *ent.Tx) (changed []keto.Object, err error) {
		gone, changed, err = erase(ctx, tx, id)
		return changed, err
	})
	if err != nil {
		return fmt.Errorf("delete user %s: %w", id, err)
	}
	// The caller may have gone; what was committed is finished all the same.
	ctx = context.WithoutCancel(ctx)
	if err := d.forget(ctx, gone.Unwrap()); err != nil {
		d.log.ErrorContext(ctx, "a deleted account is not forgotten yet", "error", err)
	}
	return nil
}

// erase removes what is personal and returns the user, as nobody any more, and
// what permissions have changed for. Whoever else is about to add to the account
// waits for the lock of its row, and then finds it gone: see Lock.
func erase(ctx context.Context, tx *ent.Tx, id uuid.UUID) (*ent.User, []keto.Object, error) {
	leaving, err := tx.User.Query().Where(user.ID(id), user.DeletedAtIsNil()).ForUpdate().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil, ErrDeleted
	}
	if err != nil {
		return nil, nil, err
	}
	theirs := entfostering.ParticipantID(id)
	// The cats that they own or have ever asked for are locked as for any change of
	// their fosterings, in an order, so that two who leave do not wait for each other.
	cats, err := tx.CatProfile.Query().
		Where(catprofile.Or(catprofile.OwnerID(id), catprofile.HasFosteringsWith(theirs))).
		Order(catprofile.ByID()).ForUpdate().All(ctx)
	if err != nil {
		return nil, nil, err
	}
	var changed []keto.Object
	var owned []uuid.UUID
	for _, cat := range cats {
		changed = append(changed, keto.ObjectOf(keto.CatProfile, cat.ID))
		if cat.OwnerID == id {
			owned = append(owned, cat.ID)
		}
	}
	fosterings, err := tx.Fostering.Query().
		Where(entfostering.Or(theirs, entfostering.CatProfileIDIn(owned...))).
		ForUpdate().All(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range fosterings {
		if slices.Contains(fostering.Promised(), f.Status) {
			return nil, nil, ErrPromised
		}
		if slices.Contains(owned, f.CatProfileID) {
			changed = append(changed, keto.ObjectOf(keto.Fostering, f.ID))
		}
	}

	if _, err := tx.Fostering.Delete().Where(entfostering.CatProfileIDIn(owned...)).Exec(ctx); err != nil {
		return nil, nil, err
	}
	if _, err := tx.CatProfile.Delete().Where(catprofile.IDIn(owned...)).Exec(ctx); err != nil {
		return nil, nil, err
	}
	if err := tx.Fostering.Update().Where(theirs, entfostering.MessageNotNil()).ClearMessage().Exec(ctx); err != nil {
		return nil, nil, err
	}
	err = tx.Fostering.Update().Where(theirs, entfostering.StatusEQ(fostering.Pending)).SetStatus(fostering.Cancelled).Exec(ctx)
	if err != nil {
		return nil, nil, err
	}
	leaving, err = tx.User.UpdateOne(leaving).
		SetName(formerName).SetEmail("").SetEmailVerified(false).ClearBio().ClearLocation().
		SetDeletedAt(time.Now()).
		Save(ctx)
	return leaving, changed, err
}

// forget has Keto and Kratos forget somebody who has left: roles first, so that an
// identity that is still there has none.
func (d *Deleter) forget(ctx context.Context, gone *ent.User) error {
	err := d.keto.Delete(ctx, keto.AdminRole(gone.ID), keto.SuperAdminRole(gone.ID))
	if err == nil && gone.IdentityID != nil {
		err = d.identities.Delete(ctx, *gone.IdentityID)
	}
	if err == nil {
		err = d.db.User.UpdateOneID(gone.ID).SetForgottenAt(time.Now()).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("forget user %s: %w", gone.ID, err)
	}
	return nil
}

// Lock keeps an account from being deleted until the end of the transaction, and
// refuses with ErrDeleted if it has been. Whoever adds something to an account
// calls it first.
func Lock(ctx context.Context, tx *ent.Tx, id uuid.UUID) error {
	active, err := tx.User.Query().Where(user.ID(id), user.DeletedAtIsNil()).ForShare().Exist(ctx)
	if err == nil && !active {
		err = ErrDeleted
	}
	return err
}
