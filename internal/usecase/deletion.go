package usecase

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/adminrole"
	"github.com/catfoster/catfoster/ent/block"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/event"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/ent/message"
	"github.com/catfoster/catfoster/ent/moderatorrole"
	entnotification "github.com/catfoster/catfoster/ent/notification"
	"github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/reference"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/audit"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/names"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// Delete deletes an account. One transaction deletes the member's cats, ends what is open of their fosterings,
// cancels the member's requests and empties the user's row; from then on the
// account does not exist for anybody. The row stays, without personal data, because fosterings
// refer to it: they belong to the other side too. Then the identity in Kratos is deleted; if that fails,
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
		catprofile.OwnerID(id), catprofile.HasFosteringsWith(entfostering.ParticipantID(id)), catprofile.HasFosteringsWith(endedAsAdmin(id))))
	if err != nil {
		return nil, err
	}
	fosterings, err := tx.Fostering.Query().Where(OfMember(id)).All(ctx)
	if err != nil {
		return nil, err
	}
	withCats(fosterings, cats...)
	if firstPromised(fosterings) != nil && !breakPromises {
		return nil, apperr.NewConflict(apperr.FosteringPromised, "a fostering of yours or of one of your cats is approved or active: "+
			"cancel or complete it first")
	}
	if err := dropRoles(ctx, tx, id); err != nil {
		return nil, err
	}
	if _, err := tx.Suspension.Delete().Where(suspension.UserID(id)).Exec(ctx); err != nil {
		return nil, err
	}
	own := slices.DeleteFunc(cats, func(cat *ent.CatProfile) bool { return cat.OwnerID != id })
	var ofOwn, ofOthers []*ent.Fostering
	for _, f := range fosterings {
		if f.Edges.CatProfile.OwnerID == id {
			ofOwn = append(ofOwn, f)
		} else {
			ofOthers = append(ofOthers, f)
		}
	}
	asOwner, asParticipant := a.clock.transition("", fostering.Owner, &id), a.clock.transition("", fostering.Participant, &id)
	if breakPromises { // Nobody has asked for it.
		asOwner = a.clock.transition("", fostering.System, nil)
		asParticipant = asOwner
	}
	if err := asParticipant.end(ctx, tx, ofOthers); err != nil {
		return nil, err
	}
	if err := deleteCats(ctx, tx, catprofile.OwnerID(id), own, ofOwn, asOwner); err != nil {
		return nil, err
	}
	if err := forget(ctx, tx, id); err != nil {
		return nil, err
	}
	if err := dropPhotos(ctx, tx, photo.UploaderID(id), a.clock.Now()); err != nil {
		return nil, err
	}
	if err := recordDeletion(ctx, tx, id, asOwner); err != nil {
		return nil, err
	}
	leaving, err = tx.User.UpdateOne(leaving).
		SetName(names.Former).SetEmail("").SetEmailVerified(false).ClearConfirmedEmail().ClearNewEmail().ClearNewEmailAt().
		ClearRecoveredAt().ClearBio().ClearLocation().ClearPlaceID().ClearQuotaFactor().
		ClearLanguage().SetMailOff(false).ClearMutedKinds().ClearRefusedEmail().ClearUnsubscribeToken().
		SetDeletedAt(a.clock.Now()).
		Save(ctx)
	if err != nil {
		return nil, err
	}
	return commit(ctx, tx, leaving)
}

// recordDeletion writes the deletion of an account, with the actor of what was done with the cats.
func recordDeletion(ctx context.Context, tx *projection.Tx, id uuid.UUID, as transition) error {
	return events.Record(ctx, tx.Tx, events.Happening{
		Kind: audit.EventDelete, Subject: string(keto.User), ID: id, Actor: as.actor, Party: as.By, Audited: true,
	})
}

// dropRoles deletes the roles of a user whose account is deleted, unless that would leave
// no super admin.
func dropRoles(ctx context.Context, tx *projection.Tx, id uuid.UUID) error {
	isSuper, others, err := lockSuperAdmins(ctx, tx, id)
	if err == nil && isSuper && !others {
		err = apperr.NewConflict(apperr.LastSuperAdmin, "you are the last super admin: make somebody else one first")
	}
	if err != nil {
		return err
	}
	asAdmin, err := tx.AdminRole.Delete().Where(adminrole.UserID(id)).Exec(ctx)
	if err != nil {
		return err
	}
	asModerator, err := tx.ModeratorRole.Delete().Where(moderatorrole.UserID(id)).Exec(ctx)
	if asAdmin > 0 {
		tx.Sync(keto.AdminGroup())
	}
	if asModerator > 0 {
		tx.Sync(keto.ModeratorGroup())
	}
	return err
}

// forget deletes what a member has written about fosterings, whose cats must be locked, but for references, and takes the member's id
// out of the events. It stays in the audit log: what was done with power over others has somebody who answers for it.
func forget(ctx context.Context, tx *projection.Tx, id uuid.UUID) error {
	asParticipant, asOwner := entfostering.ParticipantID(id), entfostering.HasCatProfileWith(catprofile.OwnerID(id))
	wroteTheReason := entfostering.Or(
		entfostering.And(asParticipant, entfostering.EndedByEQ(fostering.Participant)),
		entfostering.And(asOwner, entfostering.Or(entfostering.EndedByEQ(fostering.Owner), entfostering.RejectionReasonNotNil())),
		entfostering.And(endedAsAdmin(id), entfostering.EndedByEQ(fostering.Admin)),
	)
	ofParticipant, ofOwner := fosteringchange.HasFosteringWith(asParticipant), fosteringchange.HasFosteringWith(asOwner)
	byParticipant, byOwner := fosteringchange.ProposedByEQ(fostering.Participant), fosteringchange.ProposedByEQ(fostering.Owner)
	proposed := fosteringchange.Or(fosteringchange.And(ofParticipant, byParticipant), fosteringchange.And(ofOwner, byOwner))
	answered := fosteringchange.Or(fosteringchange.And(ofParticipant, byOwner), fosteringchange.And(ofOwner, byParticipant))
	err := errors.Join(
		tx.Fostering.Update().Where(asParticipant, entfostering.Or(entfostering.MessageNotNil(), entfostering.IdempotencyKeyNotNil())).
			ClearMessage().ClearIdempotencyKey().ClearInputHash().Exec(ctx),
		tx.Fostering.Update().Where(wroteTheReason, entfostering.Or(entfostering.EndReasonNotNil(), entfostering.RejectionReasonNotNil())).
			ClearEndReason().ClearRejectionReason().Exec(ctx),
		tx.FosteringChange.Update().Where(proposed, fosteringchange.MessageNotNil()).ClearMessage().Exec(ctx),
		tx.FosteringChange.Update().Where(answered, fosteringchange.DeclineReasonNotNil()).ClearDeclineReason().Exec(ctx),
	)
	if err != nil {
		return err
	}
	if _, err := tx.Notification.Delete().Where(entnotification.UserID(id)).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.Message.Delete().Where(message.AuthorID(id)).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.Block.Delete().Where(blockOf(id)).Exec(ctx); err != nil {
		return err
	}
	if err := forgetReferences(ctx, tx, id); err != nil {
		return err
	}
	// They have addresses.
	if _, err := tx.Event.Delete().Where(event.SubjectID(id), event.KindIn(notification.SecurityEvents()...)).Exec(ctx); err != nil {
		return err
	}
	return tx.Event.Update().Where(event.ActorID(id), event.Audited(false)).ClearActorID().Exec(ctx)
}

// blockOf selects the blocks by a member and of the member.
func blockOf(member uuid.UUID) predicate.Block {
	return block.Or(block.BlockerID(member), block.BlockedID(member))
}

// forgetReferences deletes what others have written about a member. What the member has written stays: it belongs to the other side.
func forgetReferences(ctx context.Context, tx *projection.Tx, id uuid.UUID) error {
	if _, err := tx.Reference.Delete().Where(reference.SubjectID(id)).Exec(ctx); err != nil {
		return err
	}
	return tx.Reference.Update().Where(reference.AuthorID(id), reference.IdempotencyKeyNotNil()).ClearIdempotencyKey().ClearInputHash().Exec(ctx)
}

// endedAsAdmin selects the fosterings in which a member has acted as an admin.
func endedAsAdmin(actor uuid.UUID) predicate.Fostering {
	return func(q *sql.Selector) {
		events := sql.Table(event.Table)
		q.Where(sql.In(q.C(entfostering.FieldID),
			sql.Select(events.C(event.FieldSubjectID)).From(events).
				Where(sql.And(sql.EQ(events.C(event.FieldActorID), actor), sql.EQ(events.C(event.FieldParty), fostering.Admin)))))
	}
}

// finishDeletion deletes the identity of a deleted account.
func (a *Accounts) finishDeletion(ctx context.Context, deleted *ent.User) error {
	var err error
	if deleted.IdentityID != nil {
		err = a.kratos.Delete(ctx, *deleted.IdentityID)
	}
	if err == nil {
		err = a.db.User.UpdateOneID(deleted.ID).SetForgottenAt(a.clock.Now()).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("finish the deletion of user %s: %w", deleted.ID, err)
	}
	return nil
}

// FinishDeletions finishes the deletions that Kratos has not confirmed. Those
// that fail again are left for the next call. Any number of processes may run it.
func (a *Accounts) FinishDeletions(ctx context.Context) error {
	return account.EachClaimed(ctx, a.db, a.clock.Now(), a.finishDeletion, user.DeletedAtNotNil(), user.ForgottenAtIsNil())
}
