package graph

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/catfoster/catfoster/ent"
	"github.com/catfoster/catfoster/graph/generated"
	"github.com/catfoster/catfoster/graph/view"
	"github.com/catfoster/catfoster/internal/account"
	"github.com/catfoster/catfoster/internal/keto"
	"github.com/catfoster/catfoster/internal/projection"
)

// Limits of a request.
const (
	maxBody       = 1 << 20  // bytes
	maxDocument   = 32 << 10 // bytes of it that are GraphQL
	maxTokens     = 1500     // of the document: validation takes their square
	maxComplexity = 30000    // fields of the answer, at most
	cachedQueries = 1000     // documents
)

// Config is what the handler needs.
type Config struct {
	DB     *ent.Client
	Keto   *keto.Client
	Syncer *projection.Syncer
	// Deleter deletes accounts.
	Deleter *account.Deleter
	// Now is the clock.
	Now func() time.Time
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
		Resolvers: &resolver{
			db: c.DB, keto: c.Keto, syncer: c.Syncer, deleter: c.Deleter, now: c.Now,
			view: &view.Maker{DB: c.DB, Keto: c.Keto},
		},
		Directives: generated.DirectiveRoot{
			Auth:       auth,
			Permission: guard{db: c.DB, keto: c.Keto}.permission,
		},
	}
	weigh(&config.Complexity)

	server := handler.New(generated.NewExecutableSchema(config))
	server.AddTransport(transport.GET{})
	server.AddTransport(transport.POST{})
	server.SetQueryCache(lru.New[*ast.QueryDocument](cachedQueries))
	server.SetParserTokenLimit(maxTokens)
	server.SetDisableSuggestion(true)
	server.Use(documentLimit{})
	server.Use(extension.FixedComplexityLimit(maxComplexity))
	if c.Introspection {
		server.Use(extension.Introspection{})
	}
	server.SetErrorPresenter(presentError(c.Log))
	server.SetRecoverFunc(recoverPanic(c.Log))
	return http.MaxBytesHandler(server, maxBody)
}
