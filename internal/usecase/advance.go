package usecase

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/database"
)

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
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	due := dueOn(today)
	// The best plan depends on how many fosterings are due.
	ids, err := tx.CatProfile.Query().Where(catprofile.HasFosteringsWith(due)).
		Limit(advanceBatch).ForUpdate(sql.WithLockAction(sql.SkipLocked)).IDs(database.PlanEachTime(ctx))
	if err != nil {
		return 0, err
	}
	rows, err := tx.Fostering.Query().Where(database.FieldIn(entfostering.FieldCatProfileID, ids), due).All(ctx)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		action, ok := fostering.Due(row.Status, row.StartDate, row.EndDate, today)
		if !ok {
			return 0, fmt.Errorf("fostering %s is %s and not due", row.ID, row.Status)
		}
		update, err := transition(tx, row, action)
		if err != nil {
			return 0, err
		}
		if err := update.Exec(ctx); err != nil {
			return 0, err
		}
	}
	return len(ids), tx.Commit(ctx)
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
