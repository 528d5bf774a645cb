package objects

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/internal/domain/fostering"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// FosteringChange is a proposal of other days.
type FosteringChange struct{ *ent.FosteringChange }

// IsNode marks proposals as nodes.
func (*FosteringChange) IsNode() {}

// OpenChange returns the proposal that waits for an answer, or nil.
func (f *Fostering) OpenChange(ctx context.Context) (*FosteringChange, error) {
	return f.batch.openChanges.load(ctx, f.ID, f.batch.loadOpenChanges)
}

func (b *fosteringBatch) loadOpenChanges(ctx context.Context) (map[uuid.UUID]*FosteringChange, error) {
	var promised []uuid.UUID
	for _, f := range b.fosterings {
		if slices.Contains(fostering.Promised(), f.Status) { // Others have none.
			promised = append(promised, f.ID)
		}
	}
	if len(promised) == 0 {
		return nil, nil
	}
	rows, err := b.db.FosteringChange.Query().
		Where(database.FieldIn(fosteringchange.FieldFosteringID, promised), fosteringchange.Open(true)).All(ctx)
	changes := make(map[uuid.UUID]*FosteringChange, len(rows))
	for _, row := range rows {
		changes[row.FosteringID] = &FosteringChange{row}
	}
	return changes, err
}

// Message returns what was written with the event: the message of a proposal, or the reason for declining one.
func (e *FosteringEvent) Message(ctx context.Context) (*string, error) {
	if kind := e.Kind(); kind != fostering.Propose && kind != fostering.Decline {
		return nil, nil
	}
	change, err := e.batch.told.load(ctx, e.change(), e.batch.loadTold)
	switch {
	case err != nil || change == nil:
		return nil, err
	case e.Kind() == fostering.Propose:
		return change.Message, nil
	default:
		return change.DeclineReason, nil
	}
}

// change returns the id of the proposal that the event is about.
func (e *FosteringEvent) change() uuid.UUID {
	id, err := uuid.Parse(e.Data["change"])
	if err != nil {
		return uuid.Nil // It is about none.
	}
	return id
}

// loadTold loads the proposals that the events of the batch are about.
func (b *fosteringBatch) loadTold(ctx context.Context) (map[uuid.UUID]*ent.FosteringChange, error) {
	ids := make([]uuid.UUID, 0, len(b.fosterings))
	for _, events := range b.events.values {
		ids = append(ids, idsOf(events, (*FosteringEvent).change)...)
	}
	rows, err := b.db.FosteringChange.Query().Where(database.FieldIn(fosteringchange.FieldID, ids)).All(ctx)
	return byID(rows, func(c *ent.FosteringChange) uuid.UUID { return c.ID }), err
}
