package graph

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/graph/model"
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
			users, err := r.objects.MembersByID(ctx, ids...)
			for id, u := range users {
				into[id] = u
			}
			return err
		}},
		{"CatProfile", r.loadCats},
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
		{"AuditEntry", r.loadAuditEntries},
		{"Report", r.loadReports},
		{"Fostering", r.loadFosterings},
		{"FosteringChange", r.loadFosteringChanges},
		{"Message", r.loadMessages},
	}
}
