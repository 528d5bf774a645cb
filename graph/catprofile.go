package graph

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/limits"
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
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	selection, err := v.catSelection(ctx, r.objects, filter, orderBy, viewer.User.ID, r.community.Today())
	if err == nil {
		err = v.err()
	}
	if err != nil {
		return nil, err
	}
	connection, err := r.objects.CatProfiles(ctx, page, selection)
	if err != nil {
		return nil, err
	}
	if filter != nil && filter.Search.Value() != nil && strings.TrimSpace(*filter.Search.Value()) != "" {
		connection.Search = r.objects.Search(*filter.Search.Value())
	}
	return connection, nil
}

// CatProfileFilterHints says which conditions of a filter to drop.
func (r query) CatProfileFilterHints(ctx context.Context, filter model.CatProfileFilter) ([]objects.CatProfileFilterHint, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	near, err := v.near(ctx, r.objects, filter)
	if err != nil {
		return nil, err
	}
	filters := v.catFilters(filter, near, viewer.User.ID, r.community.Today())
	if err := v.err(); err != nil {
		return nil, err
	}
	counts, err := r.objects.CountCatsWithoutEach(ctx, conditionsOf(filters))
	if err != nil {
		return nil, err
	}
	hints := make([]objects.CatProfileFilterHint, 0, len(filters))
	for i, count := range counts {
		if count > 0 {
			hints = append(hints, objects.CatProfileFilterHint{Field: filters[i].name, Count: count})
		}
	}
	slices.SortStableFunc(hints, func(a, b objects.CatProfileFilterHint) int { return b.Count - a.Count })
	return hints, nil
}

// Breeds suggests breeds.
func (r query) Breeds(ctx context.Context, search string) ([]string, error) {
	var v validator
	search = v.line(limits.MaxBreed)("search", search)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.objects.Breeds(ctx, search)
}

// Places completes the name of a place.
func (r query) Places(ctx context.Context, search string) ([]objects.Place, error) {
	var v validator
	search = v.line(limits.MaxLocation)("search", search)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.objects.Places(ctx, search)
}

// CreateCatProfile adds a cat to the viewer's account.
func (r mutation) CreateCatProfile(ctx context.Context, input model.CreateCatProfileInput) (*objects.CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.catValidator(ctx, viewer.User.ID)
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
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.catValidator(ctx, viewer.User.ID)
	edit := v.catEdit(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	row, err := r.useCases.Cats.Update(ctx, viewer.User.ID, id, edit, expectedUpdatedAt)
	if err != nil {
		return nil, err
	}
	return r.objects.Cat(row), nil
}

// UpdateCarePlan changes the care plan of a cat of the viewer.
func (r mutation) UpdateCarePlan(ctx context.Context, catProfileID uuid.UUID, input model.CarePlanInput) (*objects.CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	edit := v.carePlanEdit(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	row, err := r.useCases.Cats.UpdateCarePlan(ctx, viewer.User.ID, catProfileID, edit)
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
