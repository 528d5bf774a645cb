package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/session"
)

// Node returns an object that the caller may read, or null.
func (r query) Node(ctx context.Context, id uuid.UUID) (model.Node, error) {
	found, err := r.Nodes(ctx, []uuid.UUID{id})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Nodes returns the objects that the caller may read, in the order of their ids, and null
// for each of the others.
func (r query) Nodes(ctx context.Context, ids []uuid.UUID) ([]model.Node, error) {
	var v validator
	v.ids(ids)
	if err := v.err(); err != nil {
		return nil, err
	}
	found := make(map[uuid.UUID]model.Node, len(ids))
	users, err := r.db.User.Query().Where(user.IDIn(ids...), account.Registered()).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range r.objects.Users(users...) {
		found[u.ID] = u
	}
	cats, err := r.db.CatProfile.Query().Where(catprofile.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, cat := range r.objects.Cats(cats...) {
		found[cat.ID] = cat
	}
	fosterings, err := r.readableFosterings(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, f := range r.objects.Fosterings(fosterings...) {
		found[f.ID] = f
	}
	nodes := make([]model.Node, len(ids))
	for i, id := range ids {
		nodes[i] = found[id]
	}
	return nodes, nil
}

// readableFosterings returns the fosterings that the caller may read.
func (r query) readableFosterings(ctx context.Context, ids []uuid.UUID) ([]*ent.Fostering, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.db.Fostering.Query().Where(entfostering.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	existing := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		existing[i] = row.ID
	}
	allowed, err := r.access.Allowed(ctx, viewer.User.ID, keto.Read, keto.Fostering, existing)
	if err != nil {
		return nil, err
	}
	readable := rows[:0]
	for _, row := range rows {
		if allowed[row.ID] {
			readable = append(readable, row)
		}
	}
	return readable, nil
}
