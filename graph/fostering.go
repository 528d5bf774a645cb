package graph

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/graph/view"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

// Fostering loads one fostering, which @permission has found to exist.
func (r query) Fostering(ctx context.Context, id uuid.UUID) (*view.Fostering, error) {
	row, err := r.db.Fostering.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, errForbidden // Deleted in between: the same answer as before.
	}
	if err != nil {
		return nil, err
	}
	return r.view.Fosterings(row)[0], nil
}

// Fosterings is a page of the caller's fosterings.
func (r query) Fosterings(
	ctx context.Context,
	first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
	filter *model.FosteringFilter, orderBy *model.FosteringOrder,
) (*view.FosteringConnection, error) {
	slice, problems := view.NewSlice(first, after, last, before)
	c := checker{problems: sliceProblems(problems)}
	if err := c.refusal(ctx); err != nil {
		return nil, err
	}
	return r.view.MyFosterings(ctx, slice, filter, orderBy)
}

// RequestFostering asks the owner of a cat to foster it.
func (r mutation) RequestFostering(ctx context.Context, input model.RequestFosteringInput) (*view.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var c checker
	message := c.optional("message", input.Message, maxText, c.text)
	c.days(input.StartDate, input.EndDate, r.today())
	if err := c.refusal(ctx); err != nil {
		return nil, err
	}
	lockViewer := func(tx *ent.Tx) error { return account.Lock(ctx, tx, viewer.User.ID) }
	return r.write(ctx, lockViewer, input.CatProfileID, func(tx *ent.Tx, cat *ent.CatProfile) (*ent.Fostering, error) {
		switch {
		case cat.OwnerID == viewer.User.ID:
			return nil, errForbidden // Keto says so too, once it has caught up.
		case !cat.Available:
			return nil, conflict("the cat takes no requests")
		}
		if err := checkFree(ctx, tx, cat.ID, input.StartDate, input.EndDate); err != nil {
			return nil, err
		}
		return tx.Fostering.Create().
			SetCatProfileID(cat.ID).
			SetParticipantID(viewer.User.ID).
			SetStartDate(input.StartDate).
			SetEndDate(input.EndDate).
			SetNillableMessage(message.Value()).
			Save(ctx)
	})
}

// UpdateFostering changes a request that is pending.
func (r mutation) UpdateFostering(ctx context.Context, id uuid.UUID, input model.UpdateFosteringInput) (*view.Fostering, error) {
	var c checker
	message := c.optional("message", input.Message, maxText, c.text)
	start, end := requiredDay(&c, "startDate", input.StartDate), requiredDay(&c, "endDate", input.EndDate)
	if err := c.refusal(ctx); err != nil {
		return nil, err
	}
	return r.change(ctx, id, func(tx *ent.Tx, row *ent.Fostering) (*ent.Fostering, error) {
		if row.Status != fostering.Pending {
			return nil, conflict("a fostering that is %s cannot be changed", row.Status)
		}
		first, last := row.StartDate, row.EndDate
		if start != nil {
			first = *start
		}
		if end != nil {
			last = *end
		}
		if start != nil || end != nil {
			c.days(first, last, r.today())
			if err := c.refusal(ctx); err != nil {
				return nil, err
			}
			if err := checkFree(ctx, tx, row.CatProfileID, first, last); err != nil {
				return nil, err
			}
		}
		update := tx.Fostering.UpdateOne(row).SetStartDate(first).SetEndDate(last)
		assign(message, update.SetMessage, update.ClearMessage)
		return update.Save(ctx)
	})
}

// CancelFostering withdraws a fostering that has not begun.
func (r mutation) CancelFostering(ctx context.Context, id uuid.UUID) (*view.Fostering, error) {
	return r.act(ctx, id, fostering.Cancel, nil)
}

// ApproveFostering promises the cat, unless it is promised to somebody else.
func (r mutation) ApproveFostering(ctx context.Context, id uuid.UUID) (*view.Fostering, error) {
	return r.act(ctx, id, fostering.Approve, func(tx *ent.Tx, row *ent.Fostering) error {
		if row.StartDate.Before(r.today()) {
			return conflict("the first day of the fostering has passed")
		}
		return checkFree(ctx, tx, row.CatProfileID, row.StartDate, row.EndDate)
	})
}

// RejectFostering refuses a request.
func (r mutation) RejectFostering(ctx context.Context, id uuid.UUID, reason *string) (*view.Fostering, error) {
	var c checker
	clean := c.nullable("reason", reason, maxText, c.text)
	if err := c.refusal(ctx); err != nil {
		return nil, err
	}
	return r.act(ctx, id, fostering.Reject, func(tx *ent.Tx, row *ent.Fostering) error {
		return tx.Fostering.UpdateOne(row).SetNillableRejectionReason(clean).Exec(ctx)
	})
}

// CompleteFostering ends a fostering before its last day.
func (r mutation) CompleteFostering(ctx context.Context, id uuid.UUID) (*view.Fostering, error) {
	return r.act(ctx, id, fostering.Complete, nil)
}

// act moves a fostering to its next state; prepare may refuse or do what goes with
// it.
func (r mutation) act(
	ctx context.Context, id uuid.UUID, action fostering.Action, prepare func(*ent.Tx, *ent.Fostering) error,
) (*view.Fostering, error) {
	return r.change(ctx, id, func(tx *ent.Tx, row *ent.Fostering) (*ent.Fostering, error) {
		next, err := fostering.Next(row.Status, action)
		if err != nil {
			return nil, err
		}
		if prepare != nil {
			if err := prepare(tx, row); err != nil {
				return nil, err
			}
		}
		return tx.Fostering.UpdateOne(row).SetStatus(next).Save(ctx)
	})
}

// change runs a change of a fostering with its cat locked.
func (r mutation) change(
	ctx context.Context, id uuid.UUID, change func(*ent.Tx, *ent.Fostering) (*ent.Fostering, error),
) (*view.Fostering, error) {
	found, err := r.db.Fostering.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, errForbidden
	}
	if err != nil {
		return nil, err
	}
	return r.write(ctx, nil, found.CatProfileID, func(tx *ent.Tx, _ *ent.CatProfile) (*ent.Fostering, error) {
		// What it was before the lock may no longer be true. Its own lock keeps time
		// from moving it meanwhile: see package schedule.
		row, err := tx.Fostering.Query().Where(entfostering.ID(id)).ForUpdate().Only(ctx)
		if ent.IsNotFound(err) {
			return nil, errForbidden
		}
		if err != nil {
			return nil, err
		}
		return change(tx, row)
	})
}

// write runs a change of one of a cat's fosterings with the cat locked: whoever
// changes them takes turns, and what was checked holds until the commit. prepare,
// if not nil, comes before the lock.
func (r mutation) write(
	ctx context.Context, prepare func(*ent.Tx) error, catID uuid.UUID, change func(*ent.Tx, *ent.CatProfile) (*ent.Fostering, error),
) (*view.Fostering, error) {
	var row *ent.Fostering
	err := r.syncer.Write(ctx, func(tx *ent.Tx) ([]keto.Object, error) {
		if prepare != nil {
			if err := prepare(tx); err != nil {
				return nil, err
			}
		}
		cat, err := lockCat(ctx, tx, catID)
		if err != nil {
			return nil, err
		}
		if row, err = change(tx, cat); err != nil {
			return nil, err
		}
		return []keto.Object{
			keto.ObjectOf(keto.Fostering, row.ID),
			keto.ObjectOf(keto.CatProfile, catID),
		}, nil
	})
	if err != nil {
		return nil, err
	}
	return r.view.Fosterings(row.Unwrap())[0], nil
}

// checkFree makes sure that the cat is not promised on any of the days. Postgres
// has a constraint that says the same of approved ones.
func checkFree(ctx context.Context, tx *ent.Tx, cat uuid.UUID, first, last time.Time) error {
	taken, err := tx.Fostering.Query().Where(
		entfostering.CatProfileID(cat),
		entfostering.StatusIn(fostering.Promised()...),
		entfostering.StartDateLTE(last),
		entfostering.EndDateGTE(first),
	).Exist(ctx)
	if err != nil {
		return err
	}
	if taken {
		return errTaken
	}
	return nil
}
