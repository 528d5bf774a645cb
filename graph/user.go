package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/predicate"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/view"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

// Me is the caller, whom @auth has found already.
func (r query) Me(ctx context.Context) (*view.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return r.view.Users(viewer.User)[0], nil
}

// User loads one member; there being none is an answer, not an error.
func (r query) User(ctx context.Context, id uuid.UUID) (*view.User, error) {
	found, err := r.member(ctx, id)
	if err != nil || found == nil {
		return nil, err
	}
	return r.view.Users(found)[0], nil
}

// isMember holds for those who have signed up and not left again.
func isMember() predicate.User {
	return user.And(user.IdentityIDNotNil(), user.DeletedAtIsNil())
}

// member loads a member, nil if there is none.
func (r *resolver) member(ctx context.Context, id uuid.UUID) (*ent.User, error) {
	found, err := r.db.User.Query().Where(user.ID(id), isMember()).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// UpdateProfile changes what the caller says about themself.
func (r mutation) UpdateProfile(ctx context.Context, input model.UpdateProfileInput) (*view.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var c checker
	bio := c.optional("bio", input.Bio, maxText, c.text)
	location := c.optional("location", input.Location, maxLocation, c.line)
	if err := c.refusal(ctx); err != nil {
		return nil, err
	}
	update := viewer.User.Update().Where(user.DeletedAtIsNil())
	assign(bio, update.SetBio, update.ClearBio)
	assign(location, update.SetLocation, update.ClearLocation)
	updated, err := update.Save(ctx)
	if ent.IsNotFound(err) {
		return nil, account.ErrDeleted
	}
	if err != nil {
		return nil, err
	}
	return r.view.Users(updated)[0], nil
}

// DeleteAccount deletes the account of the caller, who has just logged in.
func (r mutation) DeleteAccount(ctx context.Context) (bool, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return false, err
	}
	if err := viewer.Privileged(r.now()); err != nil {
		return false, err
	}
	if err := r.deleter.Delete(ctx, viewer.User.ID); err != nil {
		return false, err
	}
	return true, nil
}

// GrantAdmin makes a member an admin. Group membership lives in Keto alone.
func (r mutation) GrantAdmin(ctx context.Context, userID uuid.UUID) (*view.User, error) {
	return r.setMembership(ctx, userID, r.keto.Insert)
}

// RevokeAdmin makes an admin an ordinary member.
func (r mutation) RevokeAdmin(ctx context.Context, userID uuid.UUID) (*view.User, error) {
	return r.setMembership(ctx, userID, r.keto.Delete)
}

func (r mutation) setMembership(
	ctx context.Context, userID uuid.UUID, set func(context.Context, ...keto.Tuple) error,
) (*view.User, error) {
	found, err := r.member(ctx, userID)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, errNotFound
	}
	if err := set(ctx, keto.AdminRole(userID)); err != nil {
		return nil, err
	}
	return r.view.Users(found)[0], nil
}
