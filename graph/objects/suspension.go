package objects

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Suspension is visible to moderators.
func (u *User) Suspension(ctx context.Context) (*ent.Suspension, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	if moderates, err := viewer.IsModerator(ctx, u.batch.access); err != nil || !moderates {
		return nil, err
	}
	return u.batch.suspensions.load(ctx, u.ID, u.batch.loadSuspensions)
}

func (b *userBatch) loadSuspensions(ctx context.Context) (map[uuid.UUID]*ent.Suspension, error) {
	rows, err := b.db.Suspension.Query().Where(database.FieldIn(suspension.FieldUserID, b.ids), account.IsSuspension()).All(ctx)
	return byID(rows, func(s *ent.Suspension) uuid.UUID { return s.UserID }), err
}
