package usecase

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// FosteringRequest is a request to foster a cat.
type FosteringRequest struct {
	CatID              uuid.UUID
	StartDate, EndDate time.Time
	Message            *string
}

// FosteringEdit is a change of a pending request. Nil dates and fields that are not set
// stay as they are.
type FosteringEdit struct {
	StartDate, EndDate *time.Time
	Message            Field[string]
}

// Request asks the owner of a cat to let the participant foster it.
func (f *Fosterings) Request(
	ctx context.Context, participant uuid.UUID, request FosteringRequest,
) (*ent.Fostering, error) {
	if err := fostering.CheckDates(request.StartDate, request.EndDate, f.today()).Err(); err != nil {
		return nil, err
	}
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if _, err := lockAccount(ctx, tx, participant); err != nil {
		return nil, err
	}
	cat, err := lockCat(ctx, tx, request.CatID)
	switch {
	case err != nil:
		return nil, err
	case cat.OwnerID == participant:
		return nil, apperr.ErrForbidden // Keto may not have the owner yet.
	case !cat.Available:
		return nil, apperr.NewConflict("the cat takes no requests")
	}
	if err := requireFree(ctx, tx, cat.ID, request.StartDate, request.EndDate); err != nil {
		return nil, err
	}
	if err := f.requireQuota(ctx, tx, participant); err != nil {
		return nil, err
	}
	row, err := tx.Fostering.Create().
		SetCatProfileID(cat.ID).
		SetParticipantID(participant).
		SetStartDate(request.StartDate).
		SetEndDate(request.EndDate).
		SetNillableMessage(request.Message).
		Save(ctx)
	if err != nil {
		return nil, conflictOf(err)
	}
	tx.Sync(keto.ObjectOf(keto.Fostering, row.ID), keto.ObjectOf(keto.CatProfile, cat.ID))
	return commit(ctx, tx, row)
}

// requireQuota refuses one more pending request than a member may have. The account must be locked.
func (f *Fosterings) requireQuota(ctx context.Context, tx *projection.Tx, participant uuid.UUID) error {
	isPending := entfostering.StatusEQ(fostering.Pending)
	pending, err := tx.Fostering.Query().Where(entfostering.ParticipantID(participant), isPending).Count(ctx)
	if err == nil && pending >= f.quota {
		err = apperr.NewConflict("you have %d pending requests, and may have %d: cancel one, or wait for an answer",
			pending, f.quota)
	}
	return err
}

// Edit changes a request that is pending. That changes no relation tuples.
func (f *Fosterings) Edit(ctx context.Context, id uuid.UUID, edit FosteringEdit) (*ent.Fostering, error) {
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	row, err := lockFostering(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if row.Status != fostering.Pending {
		return nil, apperr.NewConflict("a fostering that is %s cannot be changed", row.Status)
	}
	update := tx.Fostering.UpdateOne(row).SetNillableStartDate(edit.StartDate).SetNillableEndDate(edit.EndDate)
	set(edit.Message, update.SetMessage, update.ClearMessage)
	if edit.StartDate != nil || edit.EndDate != nil {
		start, end := valueOr(edit.StartDate, row.StartDate), valueOr(edit.EndDate, row.EndDate)
		if err := fostering.CheckDates(start, end, f.today()).Err(); err != nil {
			return nil, err
		}
		if err := requireFree(ctx, tx, row.CatProfileID, start, end); err != nil {
			return nil, err
		}
	}
	if row, err = update.Save(ctx); err != nil {
		return nil, err
	}
	return commit(ctx, tx, row)
}

func valueOr(value *time.Time, otherwise time.Time) time.Time {
	if value != nil {
		return *value
	}
	return otherwise
}
