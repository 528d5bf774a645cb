// Package graph is the GraphQL side of CatFoster: resolvers, directives and the
// mapping of errors. Resolvers read like the rule they carry: load, decide,
// write, sync. Who may call a field stands in schema.graphqls, not here.
package graph

import (
	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/internal/permission"
)

// Resolver answers the fields of the schema.
type Resolver struct {
	DB     *ent.Client
	Keeper *permission.Keeper
}

// Query implements generated.ResolverRoot.
func (r *Resolver) Query() generated.QueryResolver { return query{r} }

// Mutation implements generated.ResolverRoot.
func (r *Resolver) Mutation() generated.MutationResolver { return mutation{r} }

// User implements generated.ResolverRoot.
func (r *Resolver) User() generated.UserResolver { return userFields{r} }

type (
	query      struct{ *Resolver }
	mutation   struct{ *Resolver }
	userFields struct{ *Resolver }
)
