package usecase

import (
	"context"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Fosterings changes fosterings. It is the only writer of their status.
type Fosterings struct {
	db     *ent.Client
	syncer *projection.Syncer
	turns  *turns
	quota  int
	now    func() time.Time
}

// NewFosterings returns the use cases of fosterings. quota is how many pending requests a member
// may have, now is the clock.
func NewFosterings(db *ent.Client, syncer *projection.Syncer, quota int, now func() time.Time) *Fosterings {
	return &Fosterings{db: db, syncer: syncer, turns: newTurns(), quota: quota, now: now}
}

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
func (f *Fosterings) Request(ctx context.Context, participant uuid.UUID, request FosteringRequest) (*ent.Fostering, error) {
	return f.write(ctx, []uuid.UUID{participant, request.CatID}, func(tx *ent.Tx) (*ent.Fostering, error) {
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
		return tx.Fostering.Create().
			SetCatProfileID(cat.ID).
			SetParticipantID(participant).
			SetStartDate(request.StartDate).
			SetEndDate(request.EndDate).
			SetNillableMessage(request.Message).
			Save(ctx)
	})
}

// requireQuota refuses one more pending request than a member may have. The account must be locked.
func (f *Fosterings) requireQuota(ctx context.Context, tx *ent.Tx, participant uuid.UUID) error {
	pending, err := tx.Fostering.Query().Where(entfostering.ParticipantID(participant), entfostering.StatusEQ(fostering.Pending)).Count(ctx)
	if err == nil && pending >= f.quota {
		err = apperr.NewConflict("you have %d pending requests, and may have %d: cancel one, or wait for an answer", pending, f.quota)
	}
	return err
}

// Edit changes a request that is pending.
func (f *Fosterings) Edit(ctx context.Context, id uuid.UUID, edit FosteringEdit) (*ent.Fostering, error) {
	return f.change(ctx, id, func(tx *ent.Tx, row *ent.Fostering) (*ent.Fostering, error) {
		if row.Status != fostering.Pending {
			return nil, apperr.NewConflict("a fostering that is %s cannot be changed", row.Status)
		}
		start, end := row.StartDate, row.EndDate
		if edit.StartDate != nil {
			start = *edit.StartDate
		}
		if edit.EndDate != nil {
			end = *edit.EndDate
		}
		if edit.StartDate != nil || edit.EndDate != nil {
			if err := fostering.CheckDates(start, end, f.today()).Err(); err != nil {
				return nil, err
			}
			if err := requireFree(ctx, tx, row.CatProfileID, start, end); err != nil {
				return nil, err
			}
		}
		update := tx.Fostering.UpdateOne(row).SetStartDate(start).SetEndDate(end)
		set(edit.Message, update.SetMessage, update.ClearMessage)
		return update.Save(ctx)
	})
}

// Cancel withdraws a fostering that has not begun.
func (f *Fosterings) Cancel(ctx context.Context, id uuid.UUID) (*ent.Fostering, error) {
	return f.apply(ctx, id, fostering.Cancel)
}

// Approve promises the cat to the participant.
func (f *Fosterings) Approve(ctx context.Context, id uuid.UUID) (*ent.Fostering, error) {
	return f.change(ctx, id, func(tx *ent.Tx, row *ent.Fostering) (*ent.Fostering, error) {
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
		return update.Save(ctx)
	})
}

// Reject refuses a request. reason, if not nil, is for the participant.
func (f *Fosterings) Reject(ctx context.Context, id uuid.UUID, reason *string) (*ent.Fostering, error) {
	return f.change(ctx, id, func(tx *ent.Tx, row *ent.Fostering) (*ent.Fostering, error) {
		update, err := transition(tx, row, fostering.Reject)
		if err != nil {
			return nil, err
		}
		return update.SetNillableRejectionReason(reason).Save(ctx)
	})
}

// Complete ends an active fostering before its last day.
func (f *Fosterings) Complete(ctx context.Context, id uuid.UUID) (*ent.Fostering, error) {
	return f.apply(ctx, id, fostering.Complete)
}

// advanceBatch is how many cats one transaction of [Fosterings.Advance] locks.
const advanceBatch = 100

// Advance does what time demands: see [fostering.Deadlines]. Any number of processes may
// run it at the same time. Cats that another transaction has locked are skipped until the
// next call.
func (f *Fosterings) Advance(ctx context.Context) error {
	today := f.today()
	for {
		cats, err := f.advance(ctx, today)
		if err != nil {
			return fmt.Errorf("advance fosterings to %s: %w", today.Format(time.DateOnly), err)
		}
		if cats == 0 {
			return nil
		}
	}
}

// advance moves the due fosterings of some cats by one step each and returns the number
// of cats.
func (f *Fosterings) advance(ctx context.Context, today time.Time) (cats int, err error) {
	due := dueOn(today)
	err = f.syncer.Write(ctx, func(tx *ent.Tx) ([]keto.Object, error) {
		// The best plan depends on how many fosterings are due.
		ids, err := tx.CatProfile.Query().Where(catprofile.HasFosteringsWith(due)).
			Limit(advanceBatch).ForUpdate(sql.WithLockAction(sql.SkipLocked)).IDs(database.PlanEachTime(ctx))
		if err != nil {
			return nil, err
		}
		cats = len(ids)
		rows, err := tx.Fostering.Query().Where(database.FieldIn(entfostering.FieldCatProfileID, ids), due).All(ctx)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			action, ok := fostering.Due(row.Status, row.StartDate, row.EndDate, today)
			if !ok {
				return nil, fmt.Errorf("fostering %s is %s and not due", row.ID, row.Status)
			}
			update, err := transition(tx, row, action)
			if err != nil {
				return nil, err
			}
			if err := update.Exec(ctx); err != nil {
				return nil, err
			}
		}
		return objectsOf(keto.CatProfile, ids), nil
	})
	return cats, err
}

// dueOn selects the fosterings that time moves on a day.
func dueOn(today time.Time) predicate.Fostering {
	deadlines := fostering.Deadlines(today)
	due := make([]predicate.Fostering, 0, len(deadlines))
	for _, d := range deadlines {
		passed := entfostering.StartDateLT(d.Before)
		if d.OnEndDate {
			passed = entfostering.EndDateLT(d.Before)
		}
		due = append(due, entfostering.And(entfostering.StatusEQ(d.Status), passed))
	}
	return entfostering.Or(due...)
}

// PromisedBetween selects the fosterings that take one of the days from first to last.
func PromisedBetween(first, last time.Time) predicate.Fostering {
	return entfostering.And(
		entfostering.StatusIn(fostering.Promised()...),
		entfostering.StartDateLTE(last),
		entfostering.EndDateGTE(first),
	)
}

// requireFree refuses days on which the cat is promised to somebody.
func requireFree(ctx context.Context, tx *ent.Tx, cat uuid.UUID, first, last time.Time) error {
	taken, err := tx.Fostering.Query().Where(entfostering.CatProfileID(cat), PromisedBetween(first, last)).Exist(ctx)
	if err == nil && taken {
		err = errTaken()
	}
	return err
}

// firstPromised returns the first of the fosterings that is promised, or nil.
func firstPromised(fosterings []*ent.Fostering) *ent.Fostering {
	for _, f := range fosterings {
		if slices.Contains(fostering.Promised(), f.Status) {
			return f
		}
	}
	return nil
}

// withdraw cancels what is pending of a participant's fosterings, because the account is
// deleted, and deletes the messages in them. Their cats must be locked.
func withdraw(ctx context.Context, tx *ent.Tx, participant uuid.UUID, fosterings []*ent.Fostering) error {
	written := []predicate.Fostering{entfostering.ParticipantID(participant), entfostering.MessageNotNil()}
	if err := tx.Fostering.Update().Where(written...).ClearMessage().Exec(ctx); err != nil {
		return err
	}
	for _, row := range fosterings {
		if row.Status != fostering.Pending {
			continue
		}
		update, err := transition(tx, row, fostering.Cancel)
		if err != nil {
			return err
		}
		if err := update.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// apply changes a fostering by an action that needs nothing else.
func (f *Fosterings) apply(ctx context.Context, id uuid.UUID, action fostering.Action) (*ent.Fostering, error) {
	return f.change(ctx, id, func(tx *ent.Tx, row *ent.Fostering) (*ent.Fostering, error) {
		update, err := transition(tx, row, action)
		if err != nil {
			return nil, err
		}
		return update.Save(ctx)
	})
}

// transition returns an update that sets the status that an action leads to. It is the
// only place that sets a status.
func transition(tx *ent.Tx, row *ent.Fostering, action fostering.Action) (*ent.FosteringUpdateOne, error) {
	next, err := fostering.Next(row.Status, action)
	if err != nil {
		return nil, &apperr.Error{Code: apperr.Conflict, Message: err.Error()}
	}
	return tx.Fostering.UpdateOne(row).SetStatus(next), nil
}

// change runs a change of a fostering with its cat locked.
func (f *Fosterings) change(
	ctx context.Context, id uuid.UUID, change func(*ent.Tx, *ent.Fostering) (*ent.Fostering, error),
) (*ent.Fostering, error) {
	found, err := f.db.Fostering.Get(ctx, id)
	if err != nil {
		return nil, forbiddenIfAbsent(err)
	}
	return f.write(ctx, []uuid.UUID{found.CatProfileID}, func(tx *ent.Tx) (*ent.Fostering, error) {
		if _, err := lockCat(ctx, tx, found.CatProfileID); err != nil {
			return nil, err
		}
		row, err := tx.Fostering.Get(ctx, id) // It may have changed before the lock.
		if err != nil {
			return nil, forbiddenIfAbsent(err)
		}
		return change(tx, row)
	})
}

// write runs a change of a fostering, and syncs it and its cat. locked are the ids of the rows that
// it locks, in the order of the locks.
func (f *Fosterings) write(
	ctx context.Context, locked []uuid.UUID, change func(*ent.Tx) (*ent.Fostering, error),
) (*ent.Fostering, error) {
	end, err := f.turns.take(ctx, locked...)
	if err != nil {
		return nil, err
	}
	defer end() // If there is no commit.
	var row *ent.Fostering
	err = f.syncer.Write(ctx, func(tx *ent.Tx) (objects []keto.Object, err error) {
		afterCommit(tx, end)
		if row, err = change(tx); err != nil {
			return nil, err
		}
		return []keto.Object{
			keto.ObjectOf(keto.Fostering, row.ID),
			keto.ObjectOf(keto.CatProfile, row.CatProfileID),
		}, nil
	})
	if err != nil {
		return nil, conflictOf(err)
	}
	return row.Unwrap(), nil
}

func (f *Fosterings) today() time.Time { return fostering.Day(f.now()) }

func errTaken() error {
	return apperr.NewConflict("the cat is promised to somebody else on one of these days")
}

// conflictOf turns the violation of a constraint on fosterings into an error for the
// caller. The migrations define the constraints.
func conflictOf(err error) error {
	switch database.Constraint(err) {
	case "by_hand_fosterings_no_overlap":
		return errTaken()
	case "by_hand_fosterings_one_open":
		return apperr.NewConflict("you have an open fostering of this cat already")
	}
	return err
}

// forbiddenIfAbsent hides that a fostering does not exist.
func forbiddenIfAbsent(err error) error {
	if ent.IsNotFound(err) {
		return apperr.ErrForbidden
	}
	return err
}
