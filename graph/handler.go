package graph

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/internal/permission"
)

// Limits of a request.
const (
	maxBody       = 1 << 20 // bytes
	maxTokens     = 5000    // of the document
	maxComplexity = 5000    // fields of the answer, at most
	maxDuration   = 30 * time.Second
	cachedQueries = 1000
)

// Config is what the handler needs.
type Config struct {
	DB     *ent.Client
	Keto   *permission.Client
	Keeper *permission.Keeper
	// Introspection lets clients read the schema.
	Introspection bool
	Log           *slog.Logger
}

// Schema returns the schema that the handler serves.
func Schema() *ast.Schema {
	return generated.NewExecutableSchema(generated.Config{}).Schema()
}

// NewHandler answers GraphQL over HTTP: queries and mutations by POST, queries
// alone by GET. Requests must have passed session.Authenticator.Middleware.
func NewHandler(c Config) http.Handler {
	config := generated.Config{
		Resolvers: &Resolver{DB: c.DB, Keeper: c.Keeper},
		Directives: generated.DirectiveRoot{
			Auth:       auth,
			Permission: guard{db: c.DB, keto: c.Keto}.permission,
		},
	}
	config.Complexity.Query.CatProfiles = complexityOfPage

	server := handler.New(generated.NewExecutableSchema(config))
	server.AddTransport(transport.GET{})
	server.AddTransport(transport.POST{})
	server.SetQueryCache(lru.New[*ast.QueryDocument](cachedQueries))
	server.SetParserTokenLimit(maxTokens)
	server.SetDisableSuggestion(true)
	server.Use(extension.FixedComplexityLimit(maxComplexity))
	if c.Introspection {
		server.Use(extension.Introspection{})
	}
	server.SetErrorPresenter(presentError(c.Log))
	server.SetRecoverFunc(recoverPanic(c.Log))
	server.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		respond := next(ctx)
		return func(ctx context.Context) *graphql.Response {
			ctx, cancel := context.WithTimeout(ctx, maxDuration)
			defer cancel()
			return respond(ctx)
		}
	})
	return http.MaxBytesHandler(server, maxBody)
}
