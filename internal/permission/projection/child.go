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
	// Parent is the namespace of the parents.
	Parent keto.Namespace
	// ParentOf returns the id of an object's parent. The error is that of ent if there is no such
	// object.
	ParentOf func(ctx context.Context, db *ent.Client, id uuid.UUID) (uuid.UUID, error)
}

// Children has all registered children, by their names in the GraphQL schema.
func Children() map[keto.Namespace]Child {
	return map[keto.Namespace]Child{
		"FosteringChange": fosteringChange(),
	}
}

// NamespaceOf returns the namespace of the permissions of a kind of object: that of the parent, if it
// hangs on one.
func NamespaceOf(kind keto.Namespace) keto.Namespace {
	if child, ok := Children()[kind]; ok {
		return child.Parent
	}
	return kind
}
