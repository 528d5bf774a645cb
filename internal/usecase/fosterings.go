package usecase

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// Fosterings changes fosterings. It is the only writer of their status.
type Fosterings struct {
	syncer *projection.Syncer
	quota  int
	now    func() time.Time
}

// NewFosterings returns the use cases of fosterings. quota is how many pending requests a member
// may have, now is the clock.
func NewFosterings(syncer *projection.Syncer, quota int, now func() time.Time) *Fosterings {
	return &Fosterings{syncer: syncer, quota: quota, now: now}
}

func (f *Fosterings) today() time.Time { return fostering.Day(f.now()) }

// Approve promises the cat to the participant.
func (f *Fosterings) Approve(ctx context.Context, id uuid.UUID) (*ent.Fostering, error) {
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	row, err := lockFostering(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	update, err := transition(tx, row, fostering.Approve)
	if err != nil {
		return nil, err
	}
	if row.StartDate.Before(f.today()) {
		return nil, apperr.NewConflict("the first day of the fostering has passed")
	}
	if err := requireFree(ctx, tx, row.CatProfileID, row.StartDate, row.EndDate); err != nil {
		return nil, err
	}
	if row, err = update.Save(ctx); err != nil {
		return nil, conflictOf(err)
	}
	return commit(ctx, tx, row)
}

// Reject refuses a request. reason, if not nil, is for the participant.
func (f *Fosterings) Reject(ctx context.Context, id uuid.UUID, reason *string) (*ent.Fostering, error) {
	return f.end(ctx, id, fostering.Reject, reason)
}

// Cancel withdraws a fostering that has not begun.
func (f *Fosterings) Cancel(ctx context.Context, id uuid.UUID) (*ent.Fostering, error) {
	return f.end(ctx, id, fostering.Cancel, nil)
}

// Complete ends an active fostering before its last day.
func (f *Fosterings) Complete(ctx context.Context, id uuid.UUID) (*ent.Fostering, error) {
	return f.end(ctx, id, fostering.Complete, nil)
}

// end ends a fostering. reason, if not nil, is that of a rejection.
func (f *Fosterings) end(
	ctx context.Context, id uuid.UUID, action fostering.Action, reason *string,
) (*ent.Fostering, error) {
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	row, err := lockFostering(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	update, err := transition(tx, row, action)
	if err != nil {
		return nil, err
	}
	if row, err = update.SetNillableRejectionReason(reason).Save(ctx); err != nil {
		return nil, err
	}
	return commit(ctx, tx, row)
}

// transition returns an update that sets the status that an action leads to, and syncs the cat, whose
// tuples name the participants of open fosterings. It is the only place that sets a status.
func transition(tx *projection.Tx, row *ent.Fostering, action fostering.Action) (*ent.FosteringUpdateOne, error) {
	next, err := fostering.Next(row.Status, action)
	if err != nil {
		return nil, err
	}
	tx.Sync(keto.ObjectOf(keto.CatProfile, row.CatProfileID))
	return tx.Fostering.UpdateOne(row).SetStatus(next), nil
}

// commit commits a transaction and returns a row that it has read or written.
func commit[T interface{ Unwrap() T }](ctx context.Context, tx *projection.Tx, row T) (T, error) {
	if err := tx.Commit(ctx); err != nil {
		var none T
		return none, err
	}
	return row.Unwrap(), nil
}
