package graph

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/graph/view"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

// CatProfile loads one cat; there being none is an answer, not an error.
func (r query) CatProfile(ctx context.Context, id uuid.UUID) (*view.CatProfile, error) {
	cat, err := r.db.CatProfile.Query().Where(catprofile.ID(id)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return r.view.Cats(cat)[0], nil
}

// CatProfiles is a page of cats.
func (r query) CatProfiles(
	ctx context.Context,
	first *int, after *scalar.Cursor, last *int, before *scalar.Cursor,
	filter *model.CatProfileFilter, orderBy *model.CatProfileOrder,
) (*view.CatProfileConnection, error) {
	slice, problems := view.NewSlice(first, after, last, before)
	c := checker{problems: sliceProblems(problems)}
	if filter != nil {
		filter = c.catFilter(*filter)
	}
	if err := c.refusal(ctx); err != nil {
		return nil, err
	}
	return r.view.CatProfiles(slice, filter, orderBy)
}

// CreateCatProfile adds a cat that the caller owns.
func (r mutation) CreateCatProfile(ctx context.Context, input model.CreateCatProfileInput) (*view.CatProfile, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var c checker
	input = c.newCat(input)
	if err := c.refusal(ctx); err != nil {
		return nil, err
	}
	var cat *ent.CatProfile
	err = r.syncer.Write(ctx, func(tx *ent.Tx) ([]keto.Object, error) {
		if err := account.Lock(ctx, tx, viewer.User.ID); err != nil {
			return nil, err
		}
		cat, err = tx.CatProfile.Create().
			SetOwnerID(viewer.User.ID).
			SetName(input.Name).
			SetAge(input.Age).
			SetDescription(input.Description).
			SetNillableSpecialCareInstructions(input.SpecialCareInstructions.Value()).
			SetPhotosUrls(orNone(input.PhotosUrls.Value())).
			SetNillableLocation(input.Location.Value()).
			SetNillableAvailable(input.Available.Value()).
			Save(ctx)
		if err != nil {
			return nil, err
		}
		return []keto.Object{keto.ObjectOf(keto.CatProfile, cat.ID)}, nil
	})
	if err != nil {
		return nil, err
	}
	return r.view.Cats(cat.Unwrap())[0], nil
}

// UpdateCatProfile changes what the input names and leaves the rest.
func (r mutation) UpdateCatProfile(ctx context.Context, id uuid.UUID, input model.UpdateCatProfileInput) (*view.CatProfile, error) {
	var c checker
	input = c.catChange(input)
	if err := c.refusal(ctx); err != nil {
		return nil, err
	}
	update := r.db.CatProfile.UpdateOneID(id).
		SetNillableName(input.Name.Value()).
		SetNillableAge(input.Age.Value()).
		SetNillableDescription(input.Description.Value()).
		SetNillableAvailable(input.Available.Value())
	if photos, given := input.PhotosUrls.ValueOK(); given {
		update.SetPhotosUrls(orNone(photos))
	}
	assign(input.SpecialCareInstructions, update.SetSpecialCareInstructions, update.ClearSpecialCareInstructions)
	assign(input.Location, update.SetLocation, update.ClearLocation)
	save := update.Save
	if len(update.Mutation().Fields())+len(update.Mutation().ClearedFields()) == 0 {
		// Nothing is given: nothing changes, the time of the last change included.
		save = func(ctx context.Context) (*ent.CatProfile, error) { return r.db.CatProfile.Get(ctx, id) }
	}
	cat, err := save(ctx)
	if ent.IsNotFound(err) {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	return r.view.Cats(cat)[0], nil
}

// orNone is the list, empty instead of null.
func orNone(photos []string) []string {
	if photos == nil {
		return []string{}
	}
	return photos
}

// DeleteCatProfile deletes a cat that is not promised, and its fosterings.
func (r mutation) DeleteCatProfile(ctx context.Context, id uuid.UUID) (uuid.UUID, error) {
	err := r.syncer.Write(ctx, func(tx *ent.Tx) ([]keto.Object, error) {
		if _, err := lockCat(ctx, tx, id); err != nil {
			return nil, err
		}
		fosterings, err := tx.Fostering.Query().Where(entfostering.CatProfileID(id)).All(ctx)
		if err != nil {
			return nil, err
		}
		gone := []keto.Object{keto.ObjectOf(keto.CatProfile, id)}
		for _, f := range fosterings {
			if slices.Contains(fostering.Promised(), f.Status) {
				return nil, conflict("the cat is promised: its fostering is %s", f.Status)
			}
			gone = append(gone, keto.ObjectOf(keto.Fostering, f.ID))
		}
		if _, err := tx.Fostering.Delete().Where(entfostering.CatProfileID(id)).Exec(ctx); err != nil {
			return nil, err
		}
		return gone, tx.CatProfile.DeleteOneID(id).Exec(ctx)
	})
	return id, err
}

// lockCat loads a cat and keeps others from changing it or its fosterings until
// the end of the transaction.
func lockCat(ctx context.Context, tx *ent.Tx, id uuid.UUID) (*ent.CatProfile, error) {
	cat, err := tx.CatProfile.Query().Where(catprofile.ID(id)).ForUpdate().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, errNotFound
	}
	return cat, err
}
