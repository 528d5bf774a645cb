package graph

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/transport"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/permission/access"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// Limits of a request.
const (
	maxBody       = 256 << 10 // bytes: more than the longest texts and photos of a cat
	maxDocument   = 32 << 10  // bytes of the GraphQL document
	maxTokens     = 1500      // of the document
	maxComplexity = 30000     // fields of the answer, see setComplexity
	// maxIntrospection is how many fields a question for the schema selects. Those of tools
	// select about 230. Each may appear in the answer some hundred times.
	maxIntrospection = 400
)

// Config is what the handler needs.
type Config struct {
	DB       *ent.Client
	Access   *access.Checker
	UseCases usecase.UseCases
	// Now is the clock.
	Now func() time.Time
	// Limiter bounds what each caller may ask. Nil bounds nothing.
	Limiter *ratelimit.Limiter
	// Introspection lets clients read the schema.
	Introspection bool
	// Registered has the documents that clients may name by an id from the start.
	Registered Registered
	// RegisteredOnly refuses all other documents.
	RegisteredOnly bool
	// Metrics counts the operations; nil counts for nobody.
	Metrics *Metrics
	Log     *slog.Logger
}

// Schema returns the schema that the handler serves. It is gqlgen's without @defer: a
// response has one part, so that deferred fields would be resolved for nobody.
func Schema() *ast.Schema {
	schema := *generated.NewExecutableSchema(generated.Config{}).Schema()
	schema.Directives = maps.Clone(schema.Directives)
	delete(schema.Directives, "defer")
	return &schema
}

// NewHandler returns a handler of GraphQL over HTTP: queries and mutations by POST,
// queries by GET. Requests must pass through peer.Middleware and
// session.Authenticator.Middleware first.
func NewHandler(c Config) http.Handler {
	documents := newDocuments(c.Registered)
	schema := Schema()
	config := generated.Config{
		Schema:     schema,
		Resolvers:  &resolver{db: c.DB, access: c.Access, objects: objects.NewFactory(c.DB, c.Access), useCases: c.UseCases, now: c.Now},
		Directives: generated.DirectiveRoot{Auth: auth(documents), Permission: permission(c.Access)},
	}
	setComplexity(&config.Complexity)

	server := handler.New(generated.NewExecutableSchema(config))
	server.AddTransport(transport.HTTP{Cost: costOf, Turn: newTurns().wait})
	server.SetQueryCache(documents)
	server.SetParserTokenLimit(maxTokens)
	server.SetDisableSuggestion(true)
	server.Use(persistedDocuments{documents, c.RegisteredOnly})
	server.Use(documentLimit{documents})
	server.Use(inputLimit{schema: schema})
	server.Use(extension.FixedComplexityLimit(maxComplexity))
	server.Use(complexityCharge{})
	if c.Introspection {
		server.Use(extension.Introspection{})
	}
	if c.Metrics == nil {
		c.Metrics = NewMetrics()
	}
	c.Metrics.register(c.Registered)
	server.AroundOperations(shareWork)
	server.AroundResponses(observe(c.Metrics))
	server.AroundRootFields(traceRootField)
	server.AroundResponses(splitFields)
	server.SetErrorPresenter(presentError(c.Log))
	server.SetRecoverFunc(recoverPanic(c.Log))
	return limitRate(c.Limiter, http.MaxBytesHandler(server, maxBody))
}

// shareWork lets the fields of an operation share the connections of their caller, and those of a
// query what Keto has decided. Mutations change what Keto decides, so their fields ask again.
func shareWork(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	ctx = database.LimitConnections(ctx, connectionsOf(ctx))
	if operation := graphql.GetOperationContext(ctx).Operation; operation != nil && operation.Operation == ast.Query {
		ctx = access.WithMemo(ctx)
	}
	return next(ctx)
}
