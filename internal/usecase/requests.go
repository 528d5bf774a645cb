package usecase

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/keto"
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
	member, err := lockAccount(ctx, tx, participant, user.FieldID, user.FieldCreatedAt, user.FieldQuotaFactor)
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
	cat, err := lockCat(ctx, tx, request.CatID, catprofile.FieldID, catprofile.FieldOwnerID, catprofile.FieldAvailable)
	if err != nil {
		return nil, err
	}
	if err := f.requireRequestable(ctx, tx, member, cat, request); err != nil {
		return nil, err
	}
	row, err := tx.Fostering.WriteOne(ctx, `
		INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, status, start_date, end_date, message,
			idempotency_key, input_hash, cancelled_late)
		VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, false)`,
		entfostering.DefaultID(), entfostering.DefaultCreatedAt(), request.CatID, participant, next.Status, next.Start, next.End,
		request.Message, request.IdempotencyKey, hash)
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
	tx.SyncNew(keto.ObjectOf(keto.Fostering, row.ID))
	tx.Sync(keto.ObjectOf(keto.CatProfile, request.CatID))
	return commit(ctx, tx, row)
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
