package usecase

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/account"
)

// DeleteVanished deletes the account of a user whose identity was deleted in Kratos. The
// person can never log in again, so nobody is left to cancel or complete what is
// promised: the open fosterings of the user and of the user's cats end first, in the same
// transaction. The rest is as for [Accounts.Delete]. It is no error if the account has
// been deleted.
func (a *Accounts) DeleteVanished(ctx context.Context, id uuid.UUID) error {
	err := a.delete(ctx, id, func(tx *ent.Tx) error { return endFosterings(ctx, tx, id) })
	if errors.Is(err, account.ErrDeleted) {
		return nil
	}
	return err
}

// endFosterings ends the open fosterings of a user and of the user's cats: active ones are
// completed, the others cancelled. It locks the account and the cats.
func endFosterings(ctx context.Context, tx *ent.Tx, id uuid.UUID) error {
	if _, err := lockAccount(ctx, tx, id); err != nil {
		return err
	}
	_, err := lockCats(ctx, tx, catprofile.Or(
		catprofile.OwnerID(id), catprofile.HasFosteringsWith(entfostering.ParticipantID(id))))
	if err != nil {
		return err
	}
	open, err := tx.Fostering.Query().Where(
		entfostering.Or(entfostering.ParticipantID(id), entfostering.HasCatProfileWith(catprofile.OwnerID(id))),
		entfostering.StatusIn(fostering.Open()...),
	).All(ctx)
	if err != nil {
		return err
	}
	for _, row := range open {
		action := fostering.Cancel
		if row.Status == fostering.Active {
			action = fostering.Complete
		}
		update, err := transition(tx, row, action)
		if err != nil {
			return err
		}
		if err := update.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
