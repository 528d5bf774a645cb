package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/identity/session"
)

// FindMembers returns a page of the members whom a moderator searches for.
func (r query) FindMembers(
	ctx context.Context, search string, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
) (*objects.UserConnection, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	members := objects.SearchMembers(v.plain(1, limits.MaxEmail)("search", search))
	page := v.page(first, after, last, before)
	if err := v.err(); err != nil {
		return nil, err
	}
	if err := r.useCases.Audit.RecordSearch(ctx, viewer.User.ID, members.By()); err != nil {
		return nil, err
	}
	return r.objects.FindMembers(page, members)
}

// SuspendUser suspends a member.
func (r mutation) SuspendUser(ctx context.Context, input model.SuspendUserInput) (*objects.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	decided := v.suspension(input, r.now())
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.presentUser(r.useCases.Suspensions.Suspend(ctx, viewer.User.ID, decided))
}

// ReinstateUser ends the suspension of a member.
func (r mutation) ReinstateUser(ctx context.Context, id uuid.UUID) (*objects.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return r.presentUser(r.useCases.Suspensions.Reinstate(ctx, viewer.User.ID, id))
}
