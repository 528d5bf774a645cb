package projection

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// Entity registers a kind of object that permissions are about: where its rows are and
// which relation tuples they stand for. The outbox, the worker, the reconciliation and
// package access know kinds of objects only by it.
type Entity struct {
	// Namespace of the objects in the permission model.
	Namespace keto.Namespace
	// Table has one row per object; the object's id is in its column id. It is empty if
	// the objects have no rows of their own.
	Table string
	// IDs are the ids of all objects of an entity without a table.
	IDs []string
	// Secret says that callers must not learn whether an object exists unless they may
	// read it: its absence is answered like a missing permission.
	Secret bool
	// Exists reports whether the object exists, and is not hidden from the viewer.
	Exists func(ctx context.Context, db *ent.Client, viewer uuid.UUID, id string) (bool, error)
	// Project computes the tuples of objects from rows. Objects that do not exist have no
	// tuples.
	Project func(ctx context.Context, db *ent.Client, ids []string) ([]keto.Tuple, error)
}

// uuidsOf returns the ids that are UUIDs in canonical form. Objects with other ids have
// no rows.
func uuidsOf(ids []string) []string {
	valid := make([]string, 0, len(ids))
	for _, id := range ids {
		if u, err := uuid.Parse(id); err == nil && u.String() == id {
			valid = append(valid, id)
		}
	}
	return valid
}

// Entities lists all registered entities.
func Entities() []Entity {
	return []Entity{catProfile(), fostering(), group()}
}

// EntityOf returns the entity of a namespace. It reports false for namespaces without
// tuples.
func EntityOf(namespace keto.Namespace) (Entity, bool) {
	for _, entity := range Entities() {
		if entity.Namespace == namespace {
			return entity, true
		}
	}
	return Entity{}, false
}
