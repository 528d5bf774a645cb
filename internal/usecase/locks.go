package usecase

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// ErrBusy says that another transaction held the lock that this one needed for longer
// than it could wait.
var ErrBusy = apperr.NewConflict(apperr.Busy, "somebody else is changing this at the moment; try again")

// requireUnchanged refuses a change of what has changed since the caller saw it. seen is the time of the last change
// that the caller saw; who does not say it, by nil, takes what is there.
func requireUnchanged(changed time.Time, seen *time.Time) error {
	if seen == nil || stored(*seen).Equal(stored(changed)) {
		return nil
	}
	return apperr.NewConflict(apperr.ChangedMeanwhile, "this has changed since you saw it; look again")
}

// stored returns a time as Postgres stores it.
func stored(at time.Time) time.Time { return at.Round(time.Microsecond) }

// lockAccount keeps others from adding to an account, and from deleting it, until the end of the
// transaction, and returns its user, all columns or some. The error is [account.ErrDeleted] if it has been deleted.
func lockAccount(ctx context.Context, tx *projection.Tx, id uuid.UUID, columns ...string) (*ent.User, error) {
	return account.Lock(ctx, tx.Tx, id, columns...)
}

// lockActive is [lockAccount] for what suspended members may not do: a server may have their sessions in its cache for some seconds.
func lockActive(ctx context.Context, tx *projection.Tx, id uuid.UUID) (*ent.User, error) {
	member, err := lockAccount(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	found, err := tx.Suspension.Query().Where(suspension.UserID(id), account.IsSuspension()).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		return member, nil
	case err != nil:
		return nil, err
	}
	return nil, apperr.NewSuspended(found.Until, found.Reason)
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

// lockMembers does the same as lockAccount for members whose accounts are not deleted, ordered by id, and returns them by id.
func lockMembers(ctx context.Context, tx *projection.Tx, ids ...uuid.UUID) (map[uuid.UUID]*ent.User, error) {
	rows, err := tx.User.Query().Where(user.IDIn(ids...), user.DeletedAtIsNil()).Order(user.ByID()).ForUpdate().All(ctx)
	members := make(map[uuid.UUID]*ent.User, len(rows))
	for _, row := range rows {
		members[row.ID] = row
	}
	return members, err
}

// lockCat loads a cat that is not archived, all columns or some, and keeps others from changing its fosterings or deleting it until
// the end of the transaction.
func lockCat(ctx context.Context, tx *projection.Tx, id uuid.UUID, columns ...string) (*ent.CatProfile, error) {
	cat, err := tx.CatProfile.FindOne(ctx, columns, "id = $1 AND archived_at IS NULL FOR UPDATE", id)
	if ent.IsNotFound(err) {
		return nil, apperr.ErrNotFound
	}
	return cat, err
}

// lock locks the cat of the one fostering that the condition holds for, as lockCat does, and loads the fostering with it. The error
// hides that a fostering does not exist, and is the same if the fostering is hidden from the viewer.
func (f *Fosterings) lock(ctx context.Context, tx *projection.Tx, viewer uuid.UUID, where predicate.Fostering) (*ent.Fostering, error) {
	cats, err := lockCats(ctx, tx, catprofile.HasFosteringsWith(where))
	if err != nil {
		return nil, err
	}
	row, err := tx.Fostering.Query().Where(where, VisibleFostering(viewer, f.clock.Now())).Only(ctx)
	if ent.IsNotFound(err) || len(cats) == 0 {
		return nil, apperr.ErrForbidden
	}
	if err != nil {
		return nil, err
	}
	row.Edges.CatProfile = cats[0]
	return row, nil
}

// lockSides does the same as lock for a fostering on one of whose sides a member is. It reports whether the other side is gone: who
// deletes an account waits for the lock.
func (f *Fosterings) lockSides(
	ctx context.Context, tx *projection.Tx, id, member uuid.UUID, isGone predicate.User,
) (row *ent.Fostering, gone bool, err error) {
	if row, err = f.lock(ctx, tx, member, entfostering.ID(id)); err != nil {
		return nil, false, err
	}
	if partyOf(member, row) == fostering.Admin {
		return nil, false, apperr.ErrForbidden // Keto still has tuples of another row.
	}
	gone, err = tx.User.Query().Where(user.ID(otherSide(member, row)), isGone).Exist(ctx)
	return row, gone, err
}

// withCats puts cats that are loaded into their fosterings.
func withCats(fosterings []*ent.Fostering, cats ...*ent.CatProfile) {
	byID := make(map[uuid.UUID]*ent.CatProfile, len(cats))
	for _, cat := range cats {
		byID[cat.ID] = cat
	}
	for _, f := range fosterings {
		f.Edges.CatProfile = byID[f.CatProfileID]
	}
}

// lockCats does the same as lockCat for all cats that the condition holds for, archived ones too. It loads who has them, and nothing
// else.
func lockCats(ctx context.Context, tx *projection.Tx, where predicate.CatProfile) ([]*ent.CatProfile, error) {
	return tx.CatProfile.Query().Where(where).Order(catprofile.ByID()).ForUpdate().
		Select(catprofile.FieldID, catprofile.FieldOwnerID).All(ctx)
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
