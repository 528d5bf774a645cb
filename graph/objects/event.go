package objects

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/event"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// FosteringEvent is something that happened to a fostering.
type FosteringEvent struct {
	*ent.Event
	// StartDate and EndDate are the days of the fostering afterwards.
	StartDate, EndDate time.Time
	batch              *fosteringBatch
}

// Kind returns what happened.
func (e *FosteringEvent) Kind() fostering.Action { return fostering.Action(e.Event.Kind) }

// Events returns the newest events of the fostering, in their order.
func (f *Fostering) Events(ctx context.Context) ([]*FosteringEvent, error) {
	return f.batch.events.load(ctx, f.ID, f.batch.loadEvents)
}

func (b *fosteringBatch) loadEvents(ctx context.Context) (map[uuid.UUID][]*FosteringEvent, error) {
	rules := fostering.Rules()
	actions := make([]string, len(rules)) // Other events are not in the history.
	for i, rule := range rules {
		actions[i] = string(rule.Action)
	}
	query := b.db.Event.Query().Where(database.FieldIn(event.FieldSubjectID, idsOf(b.fosterings, fosteringID)), event.KindIn(actions...))
	query.Modify(func(q *sql.Selector) {
		firstOfEach(q, event.FieldSubjectID, limits.DefaultPage, sql.Desc(q.C(event.FieldCreatedAt)), sql.Desc(q.C(event.FieldID)))
	})
	rows, err := query.All(ctx)
	if err != nil {
		return nil, err
	}
	events := make(map[uuid.UUID][]*FosteringEvent, len(b.fosterings))
	for _, f := range b.fosterings {
		events[f.ID] = []*FosteringEvent{}
	}
	for _, row := range slices.Backward(rows) { // The newest come first.
		start, startErr := time.Parse(time.DateOnly, row.Data["startDate"])
		end, endErr := time.Parse(time.DateOnly, row.Data["endDate"])
		if err := errors.Join(startErr, endErr); err != nil {
			return nil, fmt.Errorf("read event %s: %w", row.ID, err)
		}
		events[row.SubjectID] = append(events[row.SubjectID], &FosteringEvent{Event: row, StartDate: start, EndDate: end, batch: b})
	}
	return events, nil
}
