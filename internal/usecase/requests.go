package usecase

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// FosteringRequest is a request to foster a cat.
type FosteringRequest struct {
	CatID              uuid.UUID
	StartDate, EndDate time.Time
	Message            *string
	// IdempotencyKey is what the client calls the request, or nil.
	IdempotencyKey *uuid.UUID
}

// FosteringEdit is a change of a pending request. Nil dates and fields that are not set
// stay as they are.
type FosteringEdit struct {
	StartDate, EndDate *time.Time
	Message            Field[string]
}

// Request asks the owner of a cat to let the participant foster it. If an earlier request had the same key, it returns that one.
func (f *Fosterings) Request(
	ctx context.Context, participant uuid.UUID, request FosteringRequest,
) (*ent.Fostering, error) {
	hash, err := request.hash()
	if err != nil {
		return nil, err
	}
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	member, err := lockActive(ctx, tx, participant)
	if err != nil {
		return nil, err
	}
	if first, err := f.repeated(ctx, tx, participant, request.IdempotencyKey, hash); first != nil || err != nil {
		return first, err
	}
	t := f.clock.transition(fostering.Request, fostering.Participant, &participant)
	t.Start, t.End = request.StartDate, request.EndDate
	next, err := fostering.Transition(fostering.Fostering{}, t.Act)
	if err != nil {
		return nil, err
	}
	cat, err := f.requestable(ctx, tx, member, request)
	if err != nil {
		return nil, err
	}
	create := tx.Fostering.Create().
		SetCatProfileID(request.CatID).
		SetParticipantID(participant).
		SetStatus(next.Status).
		SetStartDate(next.Start).
		SetEndDate(next.End).
		SetNillableMessage(request.Message).
		SetNillableIdempotencyKey(request.IdempotencyKey)
	if hash != nil {
		create.SetInputHash(hash)
	}
	row, err := create.Save(ctx)
	if err != nil {
		return nil, conflictOf(err)
	}
	if err := writeOpening(ctx, tx, row); err != nil {
		return nil, err
	}
	row.Edges.CatProfile = cat
	if err := events.Record(ctx, tx.Tx, t.happening(row)); err != nil {
		return nil, err
	}
	tx.Sync(keto.ObjectOf(keto.Fostering, row.ID), keto.ObjectOf(keto.CatProfile, request.CatID))
	return commit(ctx, tx, row)
}

// requestable locks the cat and returns it. It refuses a request for which the days, the cat or the participant are not right. There is
// no cat for a participant whom the owner has blocked, or the other way round: who blocks a member waits for the lock of the account.
// The account must be locked.
func (f *Fosterings) requestable(
	ctx context.Context, tx *projection.Tx, participant *ent.User, request FosteringRequest,
) (*ent.CatProfile, error) {
	cat, err := lockCat(ctx, tx, request.CatID)
	if err != nil {
		return nil, err
	}
	if err := requireTogether(ctx, tx, participant.ID, cat.OwnerID); err != nil {
		return nil, err
	}
	switch {
	case cat.OwnerID == participant.ID:
		return nil, apperr.ErrForbidden // Keto may not have the owner yet.
	case !cat.Available:
		return nil, apperr.NewConflict(apperr.CatUnavailable, "the cat takes no requests")
	}
	if err := requireFree(ctx, tx, cat.ID, request.StartDate, request.EndDate); err != nil {
		return nil, err
	}
	return cat, f.requireQuota(ctx, tx, participant)
}

// requireTogether refuses what needs another member who is kept apart from a member, as if there were no such member. Who suspends the
// other one has the lock of their cats: this is read after the lock of the cat, by a statement of its own.
func requireTogether(ctx context.Context, tx *projection.Tx, member, other uuid.UUID) error {
	apart, err := tx.User.Query().Where(user.ID(other), hidden.ApartFrom(member).Include(user.FieldID)).Exist(ctx)
	if err == nil && apart {
		err = apperr.ErrNotFound
	}
	return err
}

// requireQuota refuses one more pending request than a member may have. The account must be locked.
func (f *Fosterings) requireQuota(ctx context.Context, tx *projection.Tx, participant *ent.User) error {
	most, err := f.quotaOf(ctx, tx, participant, f.quotas.NewcomerPendingRequests, f.quotas.PendingRequests)
	if err != nil {
		return err
	}
	isPending := entfostering.StatusEQ(fostering.Pending)
	pending, err := tx.Fostering.Query().Where(entfostering.ParticipantID(participant.ID), isPending).Count(ctx)
	if err == nil && pending >= most {
		err = apperr.NewConflict(apperr.QuotaExceeded, "you have %d pending requests, and may have %d: cancel one, or wait for an answer",
			pending, most)
	}
	return err
}

// Edit changes a request that is pending. That changes no relation tuples. For seen see requireUnchanged.
func (f *Fosterings) Edit(ctx context.Context, viewer, id uuid.UUID, edit FosteringEdit, seen *time.Time) (*ent.Fostering, error) {
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	row, err := f.lock(ctx, tx, viewer, entfostering.ID(id))
	if err != nil {
		return nil, err
	}
	t := f.clock.transition(fostering.Edit, partyOf(viewer, row), &viewer)
	t.Start, t.End = valueOr(edit.StartDate, row.StartDate), valueOr(edit.EndDate, row.EndDate)
	t.message, t.seen = edit.Message, seen
	if edit == (FosteringEdit{}) { // Nothing to change must not change the time of the last change, and is no event.
		if _, err := fostering.Transition(stateOf(row), t.Act); err != nil {
			return nil, err
		}
		if err := requireUnchanged(row.UpdatedAt, seen); err != nil {
			return nil, err
		}
		return commit(ctx, tx, row)
	}
	if row, err = t.apply(ctx, tx, row); err != nil {
		return nil, err
	}
	if edit.Message.Set {
		if err := rewriteOpening(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	if edit.StartDate != nil || edit.EndDate != nil {
		if err := requireFree(ctx, tx, row.CatProfileID, row.StartDate, row.EndDate); err != nil {
			return nil, err
		}
	}
	return commit(ctx, tx, row)
}

func valueOr(value *time.Time, otherwise time.Time) time.Time {
	if value != nil {
		return *value
	}
	return otherwise
}
