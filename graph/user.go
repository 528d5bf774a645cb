package graph

import (
	"context"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/session"
)

// Me is the caller, whom @auth has found already.
func (query) Me(ctx context.Context) (*ent.User, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	return viewer.User, nil
}

// Email is for the user alone.
func (userFields) Email(ctx context.Context, user *ent.User) (*string, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	if viewer.User.ID != user.ID {
		return nil, nil
	}
	return &user.Email, nil
}
