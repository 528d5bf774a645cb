package usecase

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/kratos"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// formerName is the name that others see of a deleted account.
const formerName = "Former member"

// Accounts changes and deletes accounts. Package account creates them.
type Accounts struct {
	db     *ent.Client
	syncer *projection.Syncer
	kratos *kratos.Admin
	now    func() time.Time
	log    *slog.Logger
}

// AccountsConfig is what the use cases of accounts need.
type AccountsConfig struct {
	DB     *ent.Client
	Syncer *projection.Syncer
	Kratos *kratos.Admin
	Now    func() time.Time
	Log    *slog.Logger
}

// NewAccounts returns the use cases of accounts.
func NewAccounts(c AccountsConfig) *Accounts {
	return &Accounts{db: c.DB, syncer: c.Syncer, kratos: c.Kratos, now: c.Now, log: c.Log}
}

// ProfileEdit is a change of what people say about themselves.
type ProfileEdit struct {
	Bio, Location Field[string]
}

// UpdateProfile changes what a user says about themselves. The error is
// [account.ErrDeleted] if the account has been deleted.
func (a *Accounts) UpdateProfile(ctx context.Context, id uuid.UUID, edit ProfileEdit) (*ent.User, error) {
	update := a.db.User.UpdateOneID(id).Where(user.DeletedAtIsNil())
	set(edit.Bio, update.SetBio, update.ClearBio)
	set(edit.Location, update.SetLocation, update.ClearLocation)
	updated, err := update.Save(ctx)
	if ent.IsNotFound(err) {
		return nil, account.ErrDeleted
	}
	return updated, err
}

// Delete deletes an account. One transaction deletes the user's cats with their
// fosterings, cancels the user's requests and empties the user's row; from then on the
// account does not exist for anybody. The row stays, without personal data, because the
// fosterings of others refer to it. Then the identity in Kratos is deleted; if that fails,
// [Accounts.FinishDeletions] does it later.
//
// The error is a conflict while a fostering of the user or of one of their cats is
// promised, or if the user is the last super admin, or [account.ErrDeleted].
func (a *Accounts) Delete(ctx context.Context, id uuid.UUID) error {
	return a.delete(ctx, id, func(*ent.Tx) error { return nil })
}

// delete deletes an account. first runs at the beginning of the transaction.
func (a *Accounts) delete(ctx context.Context, id uuid.UUID, first func(*ent.Tx) error) error {
	var deleted *ent.User
	err := a.syncer.Write(ctx, func(tx *ent.Tx) (objects []keto.Object, err error) {
		if err := first(tx); err != nil {
			return nil, err
		}
		deleted, objects, err = a.erase(ctx, tx, id)
		return objects, err
	})
	if err != nil {
		return fmt.Errorf("delete user %s: %w", id, err)
	}
	// The caller may be gone, but the deletion is committed: finish it anyway.
	ctx = context.WithoutCancel(ctx)
	if err := a.finishDeletion(ctx, deleted.Unwrap()); err != nil {
		a.log.ErrorContext(ctx, "deletion of an account is not finished; it will be tried again", "error", err)
	}
	return nil
}

// erase deletes everything personal and returns the user, now without personal data, and
// the objects whose tuples may have changed.
func (a *Accounts) erase(ctx context.Context, tx *ent.Tx, id uuid.UUID) (*ent.User, []keto.Object, error) {
	leaving, err := lockAccount(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	cats, err := lockCats(ctx, tx, catprofile.Or(
		catprofile.OwnerID(id), catprofile.HasFosteringsWith(entfostering.ParticipantID(id))))
	if err != nil {
		return nil, nil, err
	}
	var owned, fostered []uuid.UUID
	isOwned := map[uuid.UUID]bool{}
	for _, cat := range cats {
		if cat.OwnerID == id {
			owned = append(owned, cat.ID)
			isOwned[cat.ID] = true
		} else {
			fostered = append(fostered, cat.ID)
		}
	}
	fosterings, err := tx.Fostering.Query().
		Where(entfostering.Or(entfostering.ParticipantID(id), entfostering.HasCatProfileWith(catprofile.OwnerID(id)))).
		All(ctx)
	if err != nil {
		return nil, nil, err
	}
	if firstPromised(fosterings) != nil {
		return nil, nil, apperr.NewConflict("a fostering of yours or of one of your cats is approved or active: cancel or complete it first")
	}
	hadRole, err := dropRole(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	var ofOwned, ofOthers []*ent.Fostering
	for _, f := range fosterings {
		if isOwned[f.CatProfileID] {
			ofOwned = append(ofOwned, f)
		} else {
			ofOthers = append(ofOthers, f)
		}
	}
	objects, err := deleteCats(ctx, tx, catprofile.OwnerID(id), owned, ofOwned)
	if err != nil {
		return nil, nil, err
	}
	if err := withdraw(ctx, tx, id, ofOthers); err != nil {
		return nil, nil, err
	}
	leaving, err = tx.User.UpdateOne(leaving).
		SetName(formerName).SetEmail("").SetEmailVerified(false).ClearBio().ClearLocation().
		SetDeletedAt(a.now()).
		Save(ctx)
	objects = append(objects, objectsOf(keto.CatProfile, fostered)...)
	if hadRole {
		objects = append(objects, keto.AdminGroup())
	}
	return leaving, objects, err
}

// dropRole deletes the role of a user whose account is deleted, unless that would leave
// no super admin. It reports whether the user had a role.
func dropRole(ctx context.Context, tx *ent.Tx, id uuid.UUID) (bool, error) {
	isSuper, others, err := lockSuperAdmins(ctx, tx, id)
	if err == nil && isSuper && !others {
		err = apperr.NewConflict("you are the last super admin: make somebody else one first")
	}
	if err != nil {
		return false, err
	}
	deleted, err := tx.AdminRole.Delete().Where(adminrole.UserID(id)).Exec(ctx)
	return deleted > 0, err
}

// finishDeletion deletes the identity of a deleted account.
func (a *Accounts) finishDeletion(ctx context.Context, deleted *ent.User) error {
	var err error
	if deleted.IdentityID != nil {
		err = a.kratos.Delete(ctx, *deleted.IdentityID)
	}
	if err == nil {
		err = a.db.User.UpdateOneID(deleted.ID).SetForgottenAt(a.now()).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("finish the deletion of user %s: %w", deleted.ID, err)
	}
	return nil
}

// FinishDeletions finishes the deletions that Kratos has not confirmed. Those
// that fail again are left for the next call. Any number of processes may run it.
func (a *Accounts) FinishDeletions(ctx context.Context) error {
	var failures []error
	for u, err := range account.Claim(ctx, a.db, a.now(), user.DeletedAtNotNil(), user.ForgottenAtIsNil()) {
		if err == nil {
			err = a.finishDeletion(ctx, u)
		}
		if err != nil {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}
