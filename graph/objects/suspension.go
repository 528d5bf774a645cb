package objects

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/ent/suspension"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
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

// UserByID returns a member whom the viewer sees. The error is that of ent if there is no such member. Moderators see suspended
// members, whom they may reinstate.
func (f *Factory) UserByID(ctx context.Context, id uuid.UUID) (*User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	is := f.db.User.Query().Where(user.ID(id), account.Registered())
	row, err := is.Clone().Where(usecase.VisibleMember(viewer.User.ID, f.clock.Now())).Only(ctx)
	if absent := err; ent.IsNotFound(absent) {
		if row, err = is.Only(ctx); err == nil {
			err = f.unlessModerator(ctx, viewer, absent)
		}
	}
	if err != nil {
		return nil, err
	}
	return f.Users(row)[0], nil
}

// hiddenCat returns a cat whose owner is suspended, for those who see it anyway. absent is the error for all others.
func (f *Factory) hiddenCat(ctx context.Context, id uuid.UUID, absent error) (*ent.CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	is := f.db.CatProfile.Query().Where(catprofile.ID(id), catprofile.ArchivedAtIsNil())
	row, err := is.Clone().Where(usecase.VisibleCat(viewer.User.ID, f.clock.Now())).Only(ctx)
	if ent.IsNotFound(err) {
		if row, err = is.Only(ctx); err == nil {
			err = f.unlessModerator(ctx, viewer, absent)
		}
	}
	return row, err
}

// unlessModerator returns the error unless the viewer may moderate.
func (f *Factory) unlessModerator(ctx context.Context, viewer *session.Viewer, absent error) error {
	moderates, err := viewer.IsModerator(ctx, f.access)
	if err == nil && !moderates {
		err = absent
	}
	return err
}
