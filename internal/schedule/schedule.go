// Package schedule does what time demands of fosterings: approved ones start on
// their first day, active ones end after their last, and requests that nobody has
// answered are withdrawn once their first day has passed.
package schedule

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/catfoster/catfoster/ent"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/projection"
)

// atOnce is how many fosterings move in one transaction.
const atOnce = 100

// Schedule moves fosterings. Any number of programs may run it at once: each
// fostering is moved by one of them.
type Schedule struct {
	syncer *projection.Syncer
	now    func() time.Time
}

// New returns a schedule that has not looked at the clock yet.
func New(syncer *projection.Syncer, now func() time.Time) *Schedule {
	return &Schedule{syncer: syncer, now: now}
}

// Pass moves everything that is due.
func (s *Schedule) Pass(ctx context.Context) error {
	today := fostering.Day(s.now())
	for {
		moved, err := s.move(ctx, today)
		if err != nil {
			return fmt.Errorf("move fosterings to %s: %w", today.Format(time.DateOnly), err)
		}
		if moved == 0 {
			return nil
		}
	}
}

// move moves some of what is due, each by one step, and returns how many. Those
// that somebody else is changing right now are left for the next look.
func (s *Schedule) move(ctx context.Context, today time.Time) (moved int, err error) {
	err = s.syncer.Write(ctx, func(tx *ent.Tx) ([]keto.Object, error) {
		rows, err := tx.Fostering.Query().
			Where(entfostering.Or(
				entfostering.And(entfostering.StatusEQ(fostering.Pending), entfostering.StartDateLT(today)),
				entfostering.And(entfostering.StatusEQ(fostering.Approved), entfostering.StartDateLTE(today)),
				entfostering.And(entfostering.StatusEQ(fostering.Active), entfostering.EndDateLT(today)),
			)).
			Limit(atOnce).
			ForUpdate(sql.WithLockAction(sql.SkipLocked)).
			All(ctx)
		if err != nil {
			return nil, err
		}
		moved = len(rows)
		cats := make([]keto.Object, len(rows))
		for i, row := range rows {
			cats[i] = keto.ObjectOf(keto.CatProfile, row.CatProfileID)
			action, due := fostering.Due(row.Status, row.StartDate, row.EndDate, today)
			if !due {
				return nil, fmt.Errorf("fostering %s is %s and not due", row.ID, row.Status)
			}
			next, err := fostering.Next(row.Status, action)
			if err != nil {
				return nil, err
			}
			if err := tx.Fostering.UpdateOne(row).SetStatus(next).Exec(ctx); err != nil {
				return nil, err
			}
		}
		return cats, nil
	})
	return moved, err
}
