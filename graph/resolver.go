// Package graph implements the root fields and directives of schema.graphqls, and maps
// errors. A resolver validates its arguments, calls a use case or loads rows, and presents
// the result. The directives in the schema say who may call a field; package objects
// resolves the fields of objects.
package graph

import (
	"time"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/community"
	"github.com/catfoster/catfoster/internal/edge/websecurity"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/platform/live"
	"github.com/catfoster/catfoster/internal/usecase"
)

// resolver resolves the root fields.
type resolver struct {
	db        *ent.Client // for queries
	access    *access.Checker
	objects   *objects.Factory
	useCases  usecase.UseCases
	community *community.Community
	live      *live.Hub
	now       func() time.Time
	hosts     websecurity.Hosts
	photos    objects.Photos
}

func (r *resolver) Query() generated.QueryResolver { return query{r} }

func (r *resolver) Mutation() generated.MutationResolver { return mutation{r} }

func (r *resolver) Subscription() generated.SubscriptionResolver { return subscription{r} }

type (
	query        struct{ *resolver }
	mutation     struct{ *resolver }
	subscription struct{ *resolver }
)
