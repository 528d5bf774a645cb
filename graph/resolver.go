// Package graph is the GraphQL side of CatFoster: root fields, directives and the
// mapping of errors. Resolvers read like the rule they carry: load, decide, write,
// sync. Who may call a field stands in schema.graphqls, not here; what the fields
// of an object answer stands in package view.
package graph

import (
	"time"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/graph/view"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/fostering"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/projection"
)

// resolver answers the root fields of the schema.
type resolver struct {
	db      *ent.Client
	keto    *keto.Client
	syncer  *projection.Syncer
	deleter *account.Deleter
	view    *view.Maker
	now     func() time.Time
}

// Query implements generated.ResolverRoot.
func (r *resolver) Query() generated.QueryResolver { return query{r} }

// Mutation implements generated.ResolverRoot.
func (r *resolver) Mutation() generated.MutationResolver { return mutation{r} }

type (
	query    struct{ *resolver }
	mutation struct{ *resolver }
)

// today is the current day.
func (r *resolver) today() time.Time { return fostering.Day(r.now()) }
