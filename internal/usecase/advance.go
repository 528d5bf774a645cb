package usecase

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/event"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/notification"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/permission/projection"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/events"
)

// advanceBatch is how many cats one transaction of [Fosterings.Advance] locks.
const advanceBatch = 100

// Advance does what time demands: see [fostering.Deadlines]. It also reminds both sides on the day before a fostering begins or
// ends. Any number of processes may run it at the same time. Cats that another transaction has locked are skipped until the
// next call.
func (f *Fosterings) Advance(ctx context.Context) error {
	today := f.clock.Today()
	if err := f.eachDue(ctx, catsDueOn(today), dueOn(today), func(tx *projection.Tx, row *ent.Fostering) error {
		action, ok := fostering.Due(row.Status, row.StartDate, row.EndDate, today)
		if !ok {
			return fmt.Errorf("fostering %s is %s and not due", row.ID, row.Status)
		}
		_, err := f.clock.transition(action, fostering.System, nil).apply(ctx, tx, row)
		return err
	}); err != nil {
		return fmt.Errorf("advance fosterings to %s: %w", today.Format(time.DateOnly), err)
	}
	tomorrow := today.AddDate(0, 0, 1)
	toRemind := toRemindOf(tomorrow)
	if err := f.eachDue(ctx, catprofile.HasFosteringsWith(toRemind), toRemind, func(tx *projection.Tx, row *ent.Fostering) error {
		return remind(ctx, tx, row, tomorrow)
	}); err != nil {
		return fmt.Errorf("remind of fosterings on %s: %w", tomorrow.Format(time.DateOnly), err)
	}
	if err := f.lapsePassed(ctx, today); err != nil {
		return fmt.Errorf("let proposals of before %s lapse: %w", today.Format(time.DateOnly), err)
	}
	return nil
}

// eachDue does something with each of the fosterings that are due, with their cats, some of which the first condition selects. Then
// they must not be due any more.
func (f *Fosterings) eachDue(
	ctx context.Context, cats predicate.CatProfile, due predicate.Fostering, do func(*projection.Tx, *ent.Fostering) error,
) error {
	for {
		if done, err := f.someDue(ctx, cats, due, do); err != nil || done == 0 {
			return err
		}
	}
}

// someDue does something with the due fosterings of some cats, and returns the number of cats.
func (f *Fosterings) someDue(
	ctx context.Context, some predicate.CatProfile, due predicate.Fostering, do func(*projection.Tx, *ent.Fostering) error,
) (int, error) {
	tx, err := f.syncer.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	// The best plan depends on how many fosterings are due.
	cats, err := tx.CatProfile.Query().Where(some).
		Limit(advanceBatch).ForUpdate(sql.WithLockAction(sql.SkipLocked)).All(database.PlanEachTime(ctx))
	if err != nil || len(cats) == 0 {
		return 0, err
	}
	ids := make([]uuid.UUID, len(cats))
	for i, cat := range cats {
		ids[i] = cat.ID
	}
	// Another process may have done it before the cats were locked.
	rows, err := tx.Fostering.Query().Where(database.FieldIn(entfostering.FieldCatProfileID, ids), due).All(ctx)
	if err != nil {
		return 0, err
	}
	withCats(rows, cats...)
	for _, row := range rows {
		if err := do(tx, row); err != nil {
			return 0, err
		}
	}
	return len(cats), tx.Commit(ctx)
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

// catsDueOn selects cats of the fosterings that time moves on a day: of those that are due longest, a batch for each deadline. Nearly
// all fosterings are due by their days, and nearly none by their days and status, which Postgres does not know of: it would read all
// cats, in the hope of finding enough soon. In order of the days it reads the indexes of status and day.
func catsDueOn(today time.Time) predicate.CatProfile {
	return func(q *sql.Selector) {
		q.Where(sql.P(func(b *sql.Builder) {
			b.Ident(q.C(catprofile.FieldID)).WriteString(" = ANY (ARRAY(")
			for i, d := range fostering.Deadlines(today) {
				if i > 0 {
					b.WriteString(" UNION ALL ")
				}
				day := entfostering.FieldStartDate
				if d.OnEndDate {
					day = entfostering.FieldEndDate
				}
				b.Wrap(func(b *sql.Builder) {
					b.Join(sql.Dialect(dialect.Postgres).Select(entfostering.FieldCatProfileID).From(sql.Table(entfostering.Table)).
						Where(sql.And(sql.EQ(entfostering.FieldStatus, d.Status), sql.LT(day, d.Before))).OrderBy(day).Limit(advanceBatch))
				})
			}
			b.WriteString("))")
		}))
	}
}

// remind reminds both sides of a fostering that begins or ends tomorrow.
func remind(ctx context.Context, tx *projection.Tx, row *ent.Fostering, tomorrow time.Time) error {
	kind := notification.EventBeginsTomorrow
	if row.Status == fostering.Active {
		kind = notification.EventEndsTomorrow
	}
	return events.Record(ctx, tx.Tx, events.Happening{
		Kind: kind, Subject: string(keto.Fostering), ID: row.ID, Party: fostering.System, Data: map[string]string{notification.DataDay: tomorrow.Format(time.DateOnly)},
		Owner: row.Edges.CatProfile.OwnerID, Participant: row.ParticipantID,
	})
}

// toRemindOf selects the fosterings that begin or end on a day, and whose sides have not been reminded of it.
func toRemindOf(tomorrow time.Time) predicate.Fostering {
	reminded := func(q *sql.Selector) {
		events := sql.Table(event.Table)
		q.Where(sql.NotExists(sql.Select(events.C(event.FieldID)).From(events).Where(sql.And(
			sql.ColumnsEQ(events.C(event.FieldSubjectID), q.C(entfostering.FieldID)),
			sql.In(events.C(event.FieldKind), notification.EventBeginsTomorrow, notification.EventEndsTomorrow),
			sqljson.ValueEQ(events.C(event.FieldData), tomorrow.Format(time.DateOnly), sqljson.Path(notification.DataDay)),
		))))
	}
	return entfostering.And(reminded, entfostering.Or(
		entfostering.And(entfostering.StatusEQ(fostering.Approved), entfostering.StartDateEQ(tomorrow)),
		entfostering.And(entfostering.StatusEQ(fostering.Active), entfostering.EndDateEQ(tomorrow)),
	))
}
