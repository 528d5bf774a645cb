package usecase

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/projection"
)

// FosteringProposal is a proposal of other days.
type FosteringProposal struct {
	Viewer, FosteringID uuid.UUID
	StartDate, EndDate  time.Time
	Message             *string
}

// ProposeChange proposes other days to the other side. The old days stay promised until the other side has accepted.
func (f *Fosterings) ProposeChange(ctx context.Context, p FosteringProposal) (*ent.Fostering, error) {
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	row, err := f.lock(ctx, tx, p.Viewer, entfostering.ID(p.FosteringID))
	if err != nil {
		return nil, err
	}
	t := f.clock.transition(fostering.Propose, partyOf(p.Viewer, row), &p.Viewer)
	t.Start, t.End, t.change = p.StartDate, p.EndDate, uuid.Must(uuid.NewV7())
	if row, err = t.apply(ctx, tx, row); err != nil {
		return nil, err
	}
	if err := requireFree(ctx, tx, row.CatProfileID, t.Start, t.End, entfostering.IDNEQ(row.ID)); err != nil {
		return nil, err
	}
	if err := tx.FosteringChange.Create().
		SetID(t.change).
		SetFosteringID(row.ID).
		SetStartDate(t.Start).
		SetEndDate(t.End).
		SetProposedBy(t.By).
		SetNillableMessage(p.Message).
		Exec(ctx); err != nil {
		return nil, conflictOf(err)
	}
	return commit(ctx, tx, row)
}

// FosteringAnswer is what a viewer does with a proposal: accepting, declining or withdrawing it.
type FosteringAnswer struct {
	Viewer, ChangeID uuid.UUID
	Action           fostering.Action
	// Reason, if not nil, says why the proposal is declined.
	Reason *string
}

// AnswerChange closes a proposal of other days. The error hides that there is no such proposal.
func (f *Fosterings) AnswerChange(ctx context.Context, a FosteringAnswer) (*ent.Fostering, error) {
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	row, err := f.lock(ctx, tx, a.Viewer, entfostering.HasChangesWith(fosteringchange.ID(a.ChangeID)))
	if err != nil {
		return nil, err
	}
	change, err := tx.FosteringChange.Get(ctx, a.ChangeID)
	switch {
	case err != nil:
		return nil, err
	case !change.Open:
		return nil, apperr.NewConflict(apperr.StatusChanged, "the proposal is not open any more")
	}
	t := f.clock.transition(a.Action, partyOf(a.Viewer, row), &a.Viewer)
	t.Start, t.End, t.ProposedBy, t.change = change.StartDate, change.EndDate, change.ProposedBy, change.ID
	if row, err = t.apply(ctx, tx, row); err != nil {
		return nil, err
	}
	closed := tx.FosteringChange.UpdateOne(change).SetOpen(false)
	if a.Action == fostering.Decline {
		closed.SetNillableDeclineReason(a.Reason)
	}
	if err := closed.Exec(ctx); err != nil {
		return nil, err
	}
	return commit(ctx, tx, row)
}

// lapse closes the open proposal of a fostering that does not suit it any more: its fostering has ended, or has begun
// on another day.
func lapse(ctx context.Context, tx *projection.Tx, id uuid.UUID, next fostering.Fostering) error {
	closed := tx.FosteringChange.Update().Where(fosteringchange.FosteringID(id), fosteringchange.Open(true)).SetOpen(false)
	if next.Status == fostering.Active {
		closed.Where(fosteringchange.StartDateNEQ(next.Start))
	}
	return closed.Exec(ctx)
}

// lapseUntil closes the open proposal of a fostering if that would begin on a day or before.
func lapseUntil(ctx context.Context, tx *projection.Tx, id uuid.UUID, day time.Time) error {
	return tx.FosteringChange.Update().Where(
		fosteringchange.FosteringID(id), fosteringchange.Open(true), fosteringchange.StartDateLTE(day)).SetOpen(false).Exec(ctx)
}

// lapsePassed closes the open proposals that nobody may accept any more, because their days have passed.
func (f *Fosterings) lapsePassed(ctx context.Context, today time.Time) error {
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	notBegun := fosteringchange.HasFosteringWith(entfostering.StatusEQ(fostering.Approved))
	if err := tx.FosteringChange.Update().Where(fosteringchange.Open(true), fosteringchange.Or(
		fosteringchange.EndDateLT(today), fosteringchange.And(fosteringchange.StartDateLT(today), notBegun),
	)).SetOpen(false).Exec(ctx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
