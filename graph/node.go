package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/view"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

// Node is any object that the caller may see.
func (r query) Node(ctx context.Context, id uuid.UUID) (model.Node, error) {
	found, err := r.Nodes(ctx, []uuid.UUID{id})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Nodes are any objects that the caller may see, in the order of their ids.
func (r query) Nodes(ctx context.Context, ids []uuid.UUID) ([]model.Node, error) {
	if len(ids) > view.MaxPage {
		return nil, &inputError{field: "ids", rule: "must be at most 100"}
	}
	found := make(map[uuid.UUID]model.Node, len(ids))
	users, err := r.db.User.Query().Where(user.IDIn(ids...), isMember()).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range r.view.Users(users...) {
		found[u.ID] = u
	}
	cats, err := r.db.CatProfile.Query().Where(catprofile.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, cat := range r.view.Cats(cats...) {
		found[cat.ID] = cat
	}
	fosterings, err := r.readableFosterings(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, f := range fosterings {
		found[f.ID] = f
	}
	nodes := make([]model.Node, len(ids))
	for i, id := range ids {
		nodes[i] = found[id]
	}
	return nodes, nil
}

// readableFosterings loads those that Keto lets the caller read.
func (r query) readableFosterings(ctx context.Context, ids []uuid.UUID) ([]*view.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.db.Fostering.Query().Where(entfostering.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	questions := make([]keto.Tuple, len(rows))
	for i, row := range rows {
		questions[i] = keto.Tuple{
			Object:   keto.ObjectOf(keto.Fostering, row.ID),
			Relation: keto.Read,
			Subject:  keto.UserSubject(viewer.User.ID),
		}
	}
	allowed, err := r.keto.CheckAll(ctx, questions)
	if err != nil {
		return nil, err
	}
	readable := rows[:0]
	for i, row := range rows {
		if allowed[i] {
			readable = append(readable, row)
		}
	}
	return r.view.Fosterings(readable...), nil
}
