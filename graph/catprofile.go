package graph

import (
	"context"

	"entgo.io/contrib/entgql"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/internal/permission"
	"github.com/catfoster/catfoster/internal/session"
)

// CatProfile loads one cat; there being none is an answer, not an error.
func (r query) CatProfile(ctx context.Context, id uuid.UUID) (*ent.CatProfile, error) {
	selection, err := r.DB.CatProfile.Query().Where(catprofile.ID(id)).CollectFields(ctx)
	if err != nil {
		return nil, err
	}
	cat, err := selection.Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return cat, err
}

// CatProfiles loads a page of cats.
func (r query) CatProfiles(
	ctx context.Context,
	first *int, after *entgql.Cursor[uuid.UUID],
	last *int, before *entgql.Cursor[uuid.UUID],
	orderBy *ent.CatProfileOrder,
) (*ent.CatProfileConnection, error) {
	page, problems := pageOf(first, last)
	if len(problems) > 0 {
		return nil, refuse(ctx, problems)
	}
	if orderBy == nil {
		orderBy = &ent.CatProfileOrder{Field: ent.CatProfileOrderFieldCreatedAt, Direction: entgql.OrderDirectionAsc}
	}
	return r.DB.CatProfile.Query().Paginate(ctx, after, page.first, before, page.last, ent.WithCatProfileOrder(orderBy))
}

// CreateCatProfile adds a cat that the caller owns.
func (r mutation) CreateCatProfile(ctx context.Context, input model.CreateCatProfileInput) (*ent.CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	input, problems := cleanNewCat(input)
	if len(problems) > 0 {
		return nil, refuse(ctx, problems)
	}
	photos := input.PhotosUrls.Value()
	if photos == nil {
		photos = []string{}
	}
	var cat *ent.CatProfile
	err = r.Keeper.Write(ctx, func(tx *ent.Tx) (permission.Object, error) {
		cat, err = tx.CatProfile.Create().
			SetOwnerID(viewer.User.ID).
			SetName(input.Name).
			SetAge(input.Age).
			SetDescription(input.Description).
			SetNillableSpecialCareInstructions(input.SpecialCareInstructions.Value()).
			SetPhotosUrls(photos).
			SetNillableLocation(input.Location.Value()).
			SetNillableAvailable(input.Available.Value()).
			Save(ctx)
		if err != nil {
			return permission.Object{}, err
		}
		return permission.ObjectOf(permission.CatProfile, cat.ID), nil
	})
	if err != nil {
		return nil, err
	}
	return cat.Unwrap(), nil
}

// UpdateCatProfile changes what the input names and leaves the rest.
func (r mutation) UpdateCatProfile(ctx context.Context, id uuid.UUID, input model.UpdateCatProfileInput) (*ent.CatProfile, error) {
	input, problems := cleanCatChange(input)
	if len(problems) > 0 {
		return nil, refuse(ctx, problems)
	}
	update := r.DB.CatProfile.UpdateOneID(id)
	// None of these three can be null: cleanCatChange has refused that.
	if name, given := input.Name.ValueOK(); given {
		update.SetName(*name)
	}
	if age, given := input.Age.ValueOK(); given {
		update.SetAge(*age)
	}
	if description, given := input.Description.ValueOK(); given {
		update.SetDescription(*description)
	}
	if available, given := input.Available.ValueOK(); given {
		update.SetAvailable(*available)
	}
	if photos, given := input.PhotosUrls.ValueOK(); given {
		if photos == nil {
			photos = []string{}
		}
		update.SetPhotosUrls(photos)
	}
	switch instructions, given := input.SpecialCareInstructions.ValueOK(); {
	case given && instructions == nil:
		update.ClearSpecialCareInstructions()
	case given:
		update.SetSpecialCareInstructions(*instructions)
	}
	switch location, given := input.Location.ValueOK(); {
	case given && location == nil:
		update.ClearLocation()
	case given:
		update.SetLocation(*location)
	}
	cat, err := update.Save(ctx)
	if ent.IsNotFound(err) {
		return nil, errNotFound
	}
	return cat, err
}
