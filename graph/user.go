package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/identity/session"
)

// Me returns the viewer.
func (r query) Me(ctx context.Context) (*objects.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return r.presentUser(viewer.User, nil)
}

// RecoveryCodesLeft returns how many recovery codes the viewer has left.
func (r query) RecoveryCodesLeft(ctx context.Context) (*int, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return r.useCases.Accounts.RecoveryCodesLeft(ctx, viewer.User)
}

// User returns a member, or null if there is none whom the viewer sees.
func (r query) User(ctx context.Context, id uuid.UUID) (*objects.User, error) {
	found, err := r.objects.MembersByID(ctx, id)
	return found[id], err
}

// UpdateProfile changes what the viewer says about themselves.
func (r mutation) UpdateProfile(ctx context.Context, input model.UpdateProfileInput) (*objects.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.writer(ctx, viewer.User)
	edit := v.profileEdit(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.presentUser(r.useCases.Accounts.UpdateProfile(ctx, viewer.User.ID, edit))
}

// DeleteAccount deletes the viewer's account, if the viewer has logged in recently.
func (r mutation) DeleteAccount(ctx context.Context) (bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return false, err
	}
	if err := viewer.RequireRecentLogin(r.now()); err != nil {
		return false, err
	}
	err = r.useCases.Accounts.Delete(ctx, viewer.User.ID)
	return err == nil, err
}

// presentUser presents the result of a query or a use case.
func (r *resolver) presentUser(row *ent.User, err error) (*objects.User, error) {
	if err != nil {
		return nil, err
	}
	return r.objects.Users(row)[0], nil
}
