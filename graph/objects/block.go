package objects

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/block"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/hidden"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// ViewerHasBlocked reports whether the viewer has blocked the member. Whether the member has blocked the viewer nobody is told.
func (u *User) ViewerHasBlocked(ctx context.Context) (bool, error) {
	return u.batch.blocked.load(ctx, u.ID, u.batch.loadBlocked)
}

func (b *userBatch) loadBlocked(ctx context.Context) (map[uuid.UUID]bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := b.db.Block.Query().Where(block.BlockerID(viewer.User.ID), database.FieldIn(block.FieldBlockedID, b.all)).All(ctx)
	blocked := make(map[uuid.UUID]bool, len(rows))
	for _, row := range rows {
		blocked[row.BlockedID] = true
	}
	return blocked, err
}

// BlockedUsers returns a page of the members whom the viewer has blocked, those of late first. There are few of them, so that their
// order needs no index.
func (f *Factory) BlockedUsers(ctx context.Context, p Page) (*UserConnection, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	query := f.db.Block.Query().Where(block.BlockerID(viewer.User.ID)).
		WithBlocked(func(q *ent.UserQuery) { q.Modify(hidden.From(viewer.User.ID).Mark(user.FieldID)) })
	newest := byTime("CREATED_AT", block.FieldCreatedAt,
		func(b *ent.Block) time.Time { return b.CreatedAt }, func(b *ent.Block) uuid.UUID { return b.ID }).latestFirst()
	return listOf(query, f.blocked).connection(p, newest)
}

func (f *Factory) blocked(rows ...*ent.Block) []*User {
	users := make([]*ent.User, len(rows))
	for i, row := range rows {
		users[i] = row.Edges.Blocked
	}
	return f.markedUsers(users)
}
