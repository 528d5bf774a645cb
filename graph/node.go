package graph

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/ent/catprofile"
	entfostering "github.com/catfoster/catfoster/ent/fostering"
	"github.com/catfoster/catfoster/ent/fosteringchange"
	"github.com/catfoster/catfoster/ent/message"
	"github.com/catfoster/catfoster/ent/user"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/identity/account"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/permission/keto"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// Node returns an object that the viewer may read, or null.
func (r query) Node(ctx context.Context, id uuid.UUID) (model.Node, error) {
	found, err := r.Nodes(ctx, []uuid.UUID{id})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Nodes returns the objects that the viewer may read, in the order of their ids, and null
// for each of the others.
func (r query) Nodes(ctx context.Context, ids []uuid.UUID) ([]model.Node, error) {
	var v validator
	v.ids(ids)
	if err := v.err(); err != nil {
		return nil, err
	}
	found := make(map[uuid.UUID]model.Node, len(ids))
	for _, loader := range r.nodeLoaders() {
		if err := loader.load(ctx, ids, found); err != nil {
			return nil, err
		}
	}
	nodes := make([]model.Node, len(ids))
	for i, id := range ids {
		nodes[i] = found[id]
	}
	return nodes, nil
}

// nodeLoader loads the objects of one type that the viewer may read.
type nodeLoader struct {
	typeName string
	load     func(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error
}

// nodeLoaders has a loader for every type of the schema that implements Node.
func (r query) nodeLoaders() []nodeLoader {
	return []nodeLoader{
		{"User", func(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
			users, err := r.db.User.Query().Where(database.FieldIn(user.FieldID, ids), account.Registered()).All(ctx)
			for _, u := range r.objects.Users(users...) {
				into[u.ID] = u
			}
			return err
		}},
		{"CatProfile", func(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
			cats, err := r.db.CatProfile.Query().Where(database.FieldIn(catprofile.FieldID, ids), catprofile.ArchivedAtIsNil()).All(ctx)
			for _, cat := range r.objects.Cats(cats...) {
				into[cat.ID] = cat
			}
			return err
		}},
		{"Place", func(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
			places, err := r.objects.PlacesByID(ctx, ids...)
			for id, place := range places {
				into[id] = place
			}
			return err
		}},
		{"Notification", r.loadNotifications},
		{"Photo", r.loadPhotos},
		{"Reference", r.loadReferences},
		{"Fostering", func(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
			query := r.db.Fostering.Query().Where(database.FieldIn(entfostering.FieldID, ids))
			fosterings, err := readable(ctx, r, query.All, keto.Fostering, func(f *ent.Fostering) uuid.UUID { return f.ID })
			for _, f := range r.objects.Fosterings(fosterings...) {
				into[f.ID] = f
			}
			return err
		}},
		{"FosteringChange", func(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
			query := r.db.FosteringChange.Query().Where(database.FieldIn(fosteringchange.FieldID, ids))
			changes, err := readable(ctx, r, query.All, keto.Fostering, func(c *ent.FosteringChange) uuid.UUID { return c.FosteringID })
			for _, c := range changes {
				into[c.ID] = &objects.FosteringChange{FosteringChange: c}
			}
			return err
		}},
		{"Message", func(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
			query := r.db.Message.Query().Where(database.FieldIn(message.FieldID, ids))
			// Who may read a fostering may not always read what its two sides write to each other.
			messages, err := permitted(ctx, r, keto.Converse, query.All, keto.Fostering, func(m *ent.Message) uuid.UUID { return m.FosteringID })
			for _, m := range r.objects.Messages(messages...) {
				into[m.ID] = m
			}
			return err
		}},
	}
}

// readable loads rows and returns those that the viewer may read. idOf is the id, in the namespace, of
// the object whose permissions a row has: its own, or that of its parent.
func readable[T any](
	ctx context.Context, r query, load func(context.Context) ([]T, error),
	namespace keto.Namespace, idOf func(T) uuid.UUID,
) ([]T, error) {
	return permitted(ctx, r, keto.Read, load, namespace, idOf)
}

// permitted does the same for another permission.
func permitted[T any](
	ctx context.Context, r query, permission keto.Relation, load func(context.Context) ([]T, error),
	namespace keto.Namespace, idOf func(T) uuid.UUID,
) ([]T, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := load(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		ids[i] = idOf(row)
	}
	allowed, err := r.access.Allowed(ctx, viewer.User.ID, permission, namespace, ids)
	return slices.DeleteFunc(rows, func(row T) bool { return !allowed[idOf(row)] }), err
}
