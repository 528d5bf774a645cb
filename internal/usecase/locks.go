package usecase

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// ErrBusy says that another transaction held the lock that this one needed for longer
// than it could wait.
var ErrBusy = apperr.NewConflict("somebody else is changing this at the moment; try again")

// lockAccount keeps others from adding to an account, and from deleting it, until the end of the
// transaction, and returns its user. The error is [account.ErrDeleted] if it has been deleted.
func lockAccount(ctx context.Context, tx *projection.Tx, id uuid.UUID) (*ent.User, error) {
	found, err := tx.User.Query().Where(user.ID(id), user.DeletedAtIsNil()).ForUpdate().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, account.ErrDeleted
	}
	return found, err
}

// shareMember loads a member and keeps others from deleting the account until the end of the
// transaction.
func shareMember(ctx context.Context, tx *projection.Tx, id uuid.UUID) (*ent.User, error) {
	member, err := tx.User.Query().Where(user.ID(id), account.Registered()).ForShare().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, apperr.ErrNotFound
	}
	return member, err
}

// lockCat loads a cat and keeps others from changing its fosterings or deleting it until
// the end of the transaction.
func lockCat(ctx context.Context, tx *projection.Tx, id uuid.UUID) (*ent.CatProfile, error) {
	cat, err := tx.CatProfile.Query().Where(catprofile.ID(id)).ForUpdate().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, apperr.ErrNotFound
	}
	return cat, err
}

// lockFostering locks the cat of a fostering, as lockCat does, and loads the fostering. The error hides
// that a fostering does not exist.
func lockFostering(ctx context.Context, tx *projection.Tx, id uuid.UUID) (*ent.Fostering, error) {
	cats, err := lockCats(ctx, tx, catprofile.HasFosteringsWith(entfostering.ID(id)))
	if err != nil {
		return nil, err
	}
	row, err := tx.Fostering.Get(ctx, id)
	if ent.IsNotFound(err) || len(cats) == 0 {
		return nil, apperr.ErrForbidden
	}
	return row, err
}

// lockCats does the same as lockCat for all cats that the condition holds for.
func lockCats(ctx context.Context, tx *projection.Tx, where predicate.CatProfile) ([]*ent.CatProfile, error) {
	return tx.CatProfile.Query().Where(where).Order(catprofile.ByID()).ForUpdate().All(ctx)
}

// lockSuperAdmins locks the roles of all super admins until the end of the transaction,
// so that there is always one left. It reports whether the user is one of them, and
// whether there are others.
func lockSuperAdmins(ctx context.Context, tx *projection.Tx, id uuid.UUID) (isSuper, others bool, err error) {
	roles, err := tx.AdminRole.Query().Where(adminrole.Super(true)).Order(adminrole.ByID()).ForUpdate().All(ctx)
	if err != nil {
		return false, false, err
	}
	isSuper = slices.ContainsFunc(roles, func(r *ent.AdminRole) bool { return r.UserID == id })
	return isSuper, len(roles) > 1 || len(roles) == 1 && !isSuper, nil
}
