package usecase

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// formerName is the name that others see of a deleted account.
const formerName = "Former member"

// Delete deletes an account. One transaction deletes the member's cats with their
// fosterings, cancels the member's requests and empties the user's row; from then on the
// account does not exist for anybody. The row stays, without personal data, because the
// fosterings of others refer to it. Then the identity in Kratos is deleted; if that fails,
// [Accounts.FinishDeletions] does it later.
//
// The error is a conflict while a fostering of the member or of one of their cats is
// promised, or if the member is the last super admin, or [account.ErrDeleted].
func (a *Accounts) Delete(ctx context.Context, id uuid.UUID) error {
	return a.delete(ctx, id, false)
}

// DeleteVanished deletes the account of a member whose identity was deleted in Kratos. The
// member can never log in again, so nobody is left to cancel or complete what is
// promised: the open fosterings of the member and of the member's cats end too. The rest is as
// for [Accounts.Delete]. It is no error if the account has been deleted.
func (a *Accounts) DeleteVanished(ctx context.Context, id uuid.UUID) error {
	err := a.delete(ctx, id, true)
	if errors.Is(err, account.ErrDeleted) {
		return nil
	}
	return err
}

// delete deletes an account, even if something is promised if breakPromises is set.
func (a *Accounts) delete(ctx context.Context, id uuid.UUID, breakPromises bool) error {
	deleted, err := a.erase(ctx, id, breakPromises)
	if err != nil {
		return fmt.Errorf("delete user %s: %w", id, err)
	}
	// The caller may be gone, but the deletion is committed: finish it anyway.
	ctx = context.WithoutCancel(ctx)
	if err := a.finishDeletion(ctx, deleted); err != nil {
		a.log.ErrorContext(ctx, "deletion of an account is not finished; it will be tried again", "error", err)
	}
	return nil
}

// erase deletes everything personal and returns the user, now without personal data.
func (a *Accounts) erase(ctx context.Context, id uuid.UUID, breakPromises bool) (*ent.User, error) {
	tx, err := a.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	leaving, err := lockAccount(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	cats, err := lockCats(ctx, tx, catprofile.Or(
		catprofile.OwnerID(id), catprofile.HasFosteringsWith(entfostering.ParticipantID(id))))
	if err != nil {
		return nil, err
	}
	fosterings, err := tx.Fostering.Query().
		Where(entfostering.Or(entfostering.ParticipantID(id), entfostering.HasCatProfileWith(catprofile.OwnerID(id)))).
		All(ctx)
	if err != nil {
		return nil, err
	}
	if firstPromised(fosterings) != nil && !breakPromises {
		return nil, apperr.NewConflict("a fostering of yours or of one of your cats is approved or active: " +
			"cancel or complete it first")
	}
	if err := dropRole(ctx, tx, id); err != nil {
		return nil, err
	}
	isOwned := map[uuid.UUID]bool{}
	for _, cat := range cats {
		isOwned[cat.ID] = cat.OwnerID == id
	}
	var ofOwned, ofOthers []*ent.Fostering
	for _, f := range fosterings {
		if isOwned[f.CatProfileID] {
			ofOwned = append(ofOwned, f)
		} else {
			ofOthers = append(ofOthers, f)
		}
	}
	if err := withdraw(ctx, tx, id, ofOthers); err != nil {
		return nil, err
	}
	owned := slices.DeleteFunc(cats, func(c *ent.CatProfile) bool { return !isOwned[c.ID] })
	if err := deleteCats(ctx, tx, catprofile.OwnerID(id), owned, ofOwned); err != nil {
		return nil, err
	}
	leaving, err = tx.User.UpdateOne(leaving).
		SetName(formerName).SetEmail("").SetEmailVerified(false).ClearConfirmedEmail().ClearRecoveredAt().ClearBio().ClearLocation().
		SetDeletedAt(a.now()).
		Save(ctx)
	if err != nil {
		return nil, err
	}
	return commit(ctx, tx, leaving)
}

// dropRole deletes the role of a user whose account is deleted, unless that would leave
// no super admin.
func dropRole(ctx context.Context, tx *projection.Tx, id uuid.UUID) error {
	isSuper, others, err := lockSuperAdmins(ctx, tx, id)
	if err == nil && isSuper && !others {
		err = apperr.NewConflict("you are the last super admin: make somebody else one first")
	}
	if err != nil {
		return err
	}
	deleted, err := tx.AdminRole.Delete().Where(adminrole.UserID(id)).Exec(ctx)
	if deleted > 0 {
		tx.Sync(keto.AdminGroup())
	}
	return err
}

// withdraw ends the open fosterings of a participant whose account is deleted, and deletes the
// messages in all of them. Their cats must be locked.
func withdraw(ctx context.Context, tx *projection.Tx, participant uuid.UUID, fosterings []*ent.Fostering) error {
	written := []predicate.Fostering{entfostering.ParticipantID(participant), entfostering.MessageNotNil()}
	err := tx.Fostering.Update().Where(written...).ClearMessage().Exec(ctx)
	if err != nil {
		return err
	}
	for _, row := range fosterings {
		if !slices.Contains(fostering.Open(), row.Status) {
			continue
		}
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
	return account.EachClaimed(ctx, a.db, a.now(), a.finishDeletion, user.DeletedAtNotNil(), user.ForgottenAtIsNil())
}
