package graph

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/identity/session"
)

// CatProfile returns a cat, or null if there is none.
func (r query) CatProfile(ctx context.Context, id uuid.UUID) (*objects.CatProfile, error) {
	cat, err := r.objects.CatByID(ctx, id)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return cat, err
}

// CatProfiles returns a page of cats.
func (r query) CatProfiles(
	ctx context.Context,
	first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
	filter *model.CatProfileFilter, orderBy *model.CatProfileOrder,
) (*objects.CatProfileConnection, error) {
	var v validator
	page := v.page(first, after, last, before)
	filter = v.catFilter(filter)
	if err := v.err(); err != nil {
		return nil, err
	}
	connection, err := r.objects.CatProfiles(ctx, page, filter, orderBy)
	if err != nil {
		return nil, err
	}
	if filter != nil && filter.Search.Value() != nil {
		connection.Search = r.objects.Search(*filter.Search.Value())
	}
	return connection, nil
}

// CreateCatProfile adds a cat to the viewer's account.
func (r mutation) CreateCatProfile(ctx context.Context, input model.CreateCatProfileInput) (*objects.CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.catValidator(ctx)
	cat := v.newCat(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	row, err := r.useCases.Cats.Create(ctx, viewer.User.ID, cat, input.IdempotencyKey.Value())
	if err != nil {
		return nil, err
	}
	return r.objects.Cat(row), nil
}

// UpdateCatProfile changes a cat.
func (r mutation) UpdateCatProfile(
	ctx context.Context, id uuid.UUID, input model.UpdateCatProfileInput, expectedUpdatedAt *time.Time,
) (*objects.CatProfile, error) {
	v := r.catValidator(ctx)
	edit := v.catEdit(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	row, err := r.useCases.Cats.Update(ctx, id, edit, expectedUpdatedAt)
	if err != nil {
		return nil, err
	}
	return r.objects.Cat(row), nil
}

// DeleteCatProfile deletes a cat, and returns its id.
func (r mutation) DeleteCatProfile(ctx context.Context, id uuid.UUID, expectedUpdatedAt *time.Time) (uuid.UUID, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	return id, r.useCases.Cats.Delete(ctx, viewer.User.ID, id, expectedUpdatedAt)
}
