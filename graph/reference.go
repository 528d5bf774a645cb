package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/usecase"
)

// WriteReference writes a reference about the other side of a fostering.
func (r mutation) WriteReference(ctx context.Context, input model.WriteReferenceInput) (*objects.Reference, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	reference := v.newReference(input)
	if err := v.err(); err != nil {
		return nil, err
	}
	reference.Author = viewer.User.ID
	row, err := r.useCases.Fosterings.WriteReference(ctx, reference)
	if err != nil {
		return nil, err
	}
	return r.objects.References(row)[0], nil
}

// newReference requires an opinion about a fostering that took place, and refuses one about a fostering that did not.
func (v *validator) newReference(in model.WriteReferenceInput) usecase.NewReference {
	reference := usecase.NewReference{
		FosteringID: in.FosteringID, TookPlace: in.TookPlace, Recommends: in.Recommends.Value(), Text: in.Text.Value(),
		PrivateNote: nullable("privateNote", in.PrivateNote, v.text(0, limits.MaxText)).Value, IdempotencyKey: in.IdempotencyKey.Value(),
	}
	v.opinion("recommends", reference.Recommends != nil, in.TookPlace)
	v.opinion("text", reference.Text != nil, in.TookPlace)
	if in.TookPlace && reference.Text != nil {
		reference.Text = new(v.text(limits.MinReference, limits.MaxText)("text", *reference.Text))
	}
	return reference
}

func (v *validator) opinion(field string, given, tookPlace bool) {
	switch {
	case tookPlace && !given:
		v.problems.Add(field, "must be given, as the fostering took place")
	case !tookPlace && given:
		v.problems.Add(field, "must not be given, as the fostering did not take place")
	}
}

// loadReferences loads the references that the viewer may see.
func (r query) loadReferences(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
	references, err := r.objects.ReferencesByID(ctx, ids)
	for id, reference := range references {
		into[id] = reference
	}
	return err
}
