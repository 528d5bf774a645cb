package graph

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
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
		connection.Search = r.objects.Search(viewer.User.ID, *filter.Search.Value())
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
	counts, err := r.objects.CountCatsWithoutEach(ctx, viewer.User.ID, conditionsOf(filters))
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
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	search = v.line(limits.MaxBreed)("search", search)
	if err := v.err(); err != nil {
		return nil, err
	}
	return r.objects.Breeds(ctx, viewer.User.ID, search)
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

// loadCats loads the cats that are not hidden from the viewer.
func (r query) loadCats(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return err
	}
	cats, err := r.db.CatProfile.Query().
		Where(database.FieldIn(catprofile.FieldID, ids), catprofile.ArchivedAtIsNil(), usecase.VisibleCat(viewer.User.ID)).All(ctx)
	for _, cat := range r.objects.Cats(cats...) {
		into[cat.ID] = cat
	}
	return err
}

// CreateCatProfile adds a cat to the viewer's account.
func (r mutation) CreateCatProfile(ctx context.Context, input model.CreateCatProfileInput) (*objects.CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	v := r.catValidator(ctx, viewer.User)
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
	v := r.catValidator(ctx, viewer.User)
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
