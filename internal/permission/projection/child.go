package projection

import (
	"context"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/internal/permission/keto"
)

// Child registers a kind of object that hangs on another one, as a message of a fostering does. It
// has the permissions of its parent, so that Keto need not know it. Package access looks the parent
// up.
type Child struct {
	// Namespace is the name of the kind in the GraphQL schema.
	Namespace keto.Namespace
	// Parent is the namespace of the parents.
	Parent keto.Namespace
	// ParentOf returns the id of an object's parent. The error is that of ent if there is no such
	// object.
	ParentOf func(ctx context.Context, db *ent.Client, id uuid.UUID) (uuid.UUID, error)
}

// Children lists all registered children.
func Children() []Child { return []Child{} }

// Parents returns the namespaces of the parents by those of the children.
func Parents(children []Child) map[keto.Namespace]keto.Namespace {
	parents := make(map[keto.Namespace]keto.Namespace, len(children))
	for _, child := range children {
		parents[child.Namespace] = child.Parent
	}
	return parents
}
