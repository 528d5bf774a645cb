package projection

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/keto"
)

// Entity registers a kind of object that permissions are about: where its rows are and
// which relation tuples they stand for. It is the only place that has to know a kind of
// object; the outbox, the worker, the reconciliation and package access go by it.
type Entity struct {
	// Namespace of the objects in the permission model.
	Namespace keto.Namespace
	// Table has one row per object; the object's id is in its column id.
	Table string
	// Secret says that callers must not learn whether an object exists unless they may
	// read it: its absence is answered like a missing permission.
	Secret bool
	// Exists reports whether the object has a row.
	Exists func(ctx context.Context, db *ent.Client, id uuid.UUID) (bool, error)
	// Project computes the tuples of objects from their rows. Objects without a row
	// have no tuples.
	Project func(ctx context.Context, db *ent.Client, ids []uuid.UUID) ([]keto.Tuple, error)
	// ChangedSince is SQL that selects the ids, among those in $1::uuid[], of objects
	// whose tuples may have changed at or after the time $2.
	ChangedSince string
}

// Entities lists all registered entities.
func Entities() []Entity {
	return []Entity{catProfile(), fostering()}
}

// EntityOf returns the entity of a namespace. It reports false for namespaces without
// rows.
func EntityOf(namespace keto.Namespace) (Entity, bool) {
	for _, entity := range Entities() {
		if entity.Namespace == namespace {
			return entity, true
		}
	}
	return Entity{}, false
}
