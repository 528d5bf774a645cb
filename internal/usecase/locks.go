package usecase

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/account"
)

// lockAccount keeps others from adding to an account, and from deleting it, until the end of the
// transaction, and returns its user. The error is [account.ErrDeleted] if it has been deleted.
func lockAccount(ctx context.Context, tx *ent.Tx, id uuid.UUID) (*ent.User, error) {
	found, err := tx.User.Query().Where(user.ID(id), user.DeletedAtIsNil()).ForUpdate().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, account.ErrDeleted
	}
	return found, err
}

// lockCat loads a cat and keeps others from changing its fosterings or deleting it until
// the end of the transaction.
func lockCat(ctx context.Context, tx *ent.Tx, id uuid.UUID) (*ent.CatProfile, error) {
	cat, err := tx.CatProfile.Query().Where(catprofile.ID(id)).ForUpdate().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, apperr.ErrNotFound
	}
	return cat, err
}

// lockCats does the same for all cats that the condition holds for.
func lockCats(ctx context.Context, tx *ent.Tx, where predicate.CatProfile) ([]*ent.CatProfile, error) {
	return tx.CatProfile.Query().Where(where).Order(catprofile.ByID()).ForUpdate().All(ctx)
}
