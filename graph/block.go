package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/identity/session"
)

// BlockedUsers returns a page of the members whom the viewer has blocked.
func (r query) BlockedUsers(
	ctx context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
) (*objects.UserConnection, error) {
	var v validator
	page := v.page(first, after, last, before)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.objects.BlockedUsers(ctx, page)
}

// BlockUser keeps a member apart from the viewer.
func (r mutation) BlockUser(ctx context.Context, id uuid.UUID) (*objects.User, error) {
	return r.changeBlock(ctx, id, r.useCases.Blocks.Block)
}

// UnblockUser ends what BlockUser has begun.
func (r mutation) UnblockUser(ctx context.Context, id uuid.UUID) (*objects.User, error) {
	return r.changeBlock(ctx, id, r.useCases.Blocks.Unblock)
}

// changeBlock changes whether the viewer has blocked a member, and returns what the viewer sees of the member then.
func (r mutation) changeBlock(
	ctx context.Context, id uuid.UUID, change func(ctx context.Context, blocker, blocked uuid.UUID) error,
) (*objects.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := change(ctx, viewer.User.ID, id); err != nil {
		return nil, err
	}
	found, err := r.objects.MembersByID(ctx, id)
	if err == nil && found[id] == nil { // The other member has blocked the viewer too, or is gone.
		err = apperr.ErrNotFound
	}
	return found[id], err
}
