package objects

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/careplan"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// CarePlan returns what only whoever fosters the cat should read, or nil: for the owner, and for the participants whom the owner
// is in contact with. Nobody else reads it, admins neither.
func (c *CatProfile) CarePlan(ctx context.Context) (*ent.CarePlan, error) {
	return c.batch.carePlans.load(ctx, c.ID, c.batch.loadCarePlans)
}

func (b *catBatch) loadCarePlans(ctx context.Context) (map[uuid.UUID]*ent.CarePlan, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var readable, others []uuid.UUID
	for _, cat := range b.cats {
		if cat.OwnerID == viewer.User.ID {
			readable = append(readable, cat.ID)
		} else {
			others = append(others, cat.ID)
		}
	}
	if len(others) > 0 {
		var fostered []uuid.UUID
		err := b.db.Fostering.Query().
			Where(entfostering.ParticipantID(viewer.User.ID), database.FieldIn(entfostering.FieldCatProfileID, others), usecase.InContact(b.clock.Now())).
			Unique(true).Select(entfostering.FieldCatProfileID).Scan(ctx, &fostered)
		if err != nil {
			return nil, err
		}
		readable = append(readable, fostered...)
	}
	if len(readable) == 0 {
		return nil, nil
	}
	rows, err := b.db.CarePlan.Query().Where(database.FieldIn(careplan.FieldCatProfileID, readable)).All(ctx)
	return byID(rows, func(p *ent.CarePlan) uuid.UUID { return p.CatProfileID }), err
}
