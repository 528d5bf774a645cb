package graph

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/graph/guard"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/internal/domain/community"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/edge/websecurity"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/platform/live"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Config is what the handler needs.
type Config struct {
	DB       *ent.Client
	Access   *access.Checker
	UseCases usecase.UseCases
	// Community is whose day it is.
	Community *community.Community
	// Live has the events for subscriptions; nil means that nothing happens.
	Live *live.Hub
	// MaxStreams is how many subscriptions are open at the same time.
	MaxStreams int
	// Now is the clock.
	Now func() time.Time
	// Hosts are those of the server. A photo of another site cannot point at them.
	Hosts websecurity.Hosts
	// Photos says where photos are.
	Photos objects.Photos
	// Limiter bounds what each caller may ask. Nil bounds nothing.
	Limiter *ratelimit.Limiter
	// Introspection lets clients read the schema.
	Introspection bool
	// Registered has the documents that clients may name by an id from the start.
	Registered guard.Registered
	// RegisteredOnly refuses all other documents.
	RegisteredOnly bool
	// Metrics counts the operations; nil counts for nobody.
	Metrics *Metrics
	Log     *slog.Logger
}

// Schema returns the schema that the handler serves.
func Schema() *ast.Schema { return guard.Schema() }

// NewHandler returns a handler of GraphQL over HTTP: queries, mutations and subscriptions by POST,
// queries and subscriptions by GET. Requests must pass through peer.Middleware and
// session.Authenticator.Middleware first.
func NewHandler(c Config) http.Handler {
	g := guard.New(c.Limiter, c.Registered, c.RegisteredOnly, c.MaxStreams)
	if c.Live == nil {
		c.Live = live.NewHub(c.Log, c.MaxStreams)
	}
	server := handler.New(generated.NewExecutableSchema(generated.Config{
		Schema: Schema(),
		Resolvers: &resolver{
			db: c.DB, access: c.Access, objects: objects.NewFactory(c.DB, c.Access, usecase.Clock{Now: c.Now, Day: c.Community.Day}, c.Photos),
			useCases: c.UseCases, community: c.Community, live: c.Live, now: c.Now, hosts: c.Hosts, photos: c.Photos,
		},
		Directives: generated.DirectiveRoot{Auth: auth, Permission: permission(c.Access, hasRequested(c.DB))},
	}))
	if c.Introspection {
		server.Use(extension.Introspection{})
	}
	if c.Metrics == nil {
		c.Metrics = NewMetrics()
	}
	c.Metrics.register(c.Registered.Operations())
	server.AroundOperations(observeStream(c.Metrics))
	server.AroundResponses(observe(c.Metrics))
	server.AroundRootFields(traceRootField)
	server.AroundResponses(splitFields)
	server.SetErrorPresenter(presentError(c.Log))
	server.SetRecoverFunc(recoverPanic(c.Log))
	return g.Protect(server)
}
