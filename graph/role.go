package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Admins returns a page of the admins.
func (r query) Admins(
	_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
) (*objects.UserConnection, error) {
	var v validator
	page := v.page(first, after, last, before)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.objects.Admins(page)
}

// Moderators returns a page of the moderators.
func (r query) Moderators(
	_ context.Context, first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
) (*objects.UserConnection, error) {
	var v validator
	page := v.page(first, after, last, before)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.objects.Moderators(page)
}

// GrantAdmin makes a member an admin.
func (r mutation) GrantAdmin(ctx context.Context, userID uuid.UUID) (*objects.User, error) {
	return r.grant(ctx, userID, usecase.Admin)
}

// RevokeAdmin makes an admin an ordinary member.
func (r mutation) RevokeAdmin(ctx context.Context, userID uuid.UUID) (*objects.User, error) {
	return r.revoke(ctx, userID, usecase.Admin)
}

// GrantModerator makes a member a moderator.
func (r mutation) GrantModerator(ctx context.Context, userID uuid.UUID) (*objects.User, error) {
	return r.grant(ctx, userID, usecase.Moderator)
}

// RevokeModerator makes a moderator an ordinary member.
func (r mutation) RevokeModerator(ctx context.Context, userID uuid.UUID) (*objects.User, error) {
	return r.revoke(ctx, userID, usecase.Moderator)
}

func (r mutation) grant(ctx context.Context, userID uuid.UUID, role usecase.Role) (*objects.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return r.presentUser(r.useCases.Admins.Grant(ctx, viewer.User.ID, userID, role))
}

func (r mutation) revoke(ctx context.Context, userID uuid.UUID, role usecase.Role) (*objects.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return r.presentUser(r.useCases.Admins.Revoke(ctx, viewer.User.ID, userID, role))
}
