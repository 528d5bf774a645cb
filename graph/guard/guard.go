// Package guard decides whether a GraphQL request is executed, and says what it costs. The way of a request is
//
//	session -> caller -> weighed -> executed
//
// First the guard finds out whose session it is; the network of the request pays for looking up an unknown one, and a
// member for looking up a known one again. Then it limits the caller: how many requests are under way, and points
// ([ratelimit.Limiter.Admit]). Then it weighs the request: it
// parses and validates the document once ([Guard.weighDocument]), and checks the fields, the input and the complexity
// of the operation ([Guard.MutateOperationContext]). A stream needs room beside others ([Guard.openStream]). Each step is charged for before it begins: see bill. At last it
// executes the operation, when the operations under way leave enough complexity ([Guard.execute]).
//
// Package bounds has the table of all that makes a request wait, or refuses it, for its caller.
package guard

import (
	"context"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/sync/semaphore"

	"github.com/catfoster/catfoster/graph/transport"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/edge/ratelimit"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/bounds"
	"github.com/catfoster/catfoster/internal/platform/database"
)

// maxBody is how many bytes the body of a request has: more than the longest texts and photos of a cat.
const maxBody = 256 << 10

// Guard guards one server of GraphQL.
type Guard struct {
	weigher        weigher
	limiter        *ratelimit.Limiter
	documents      *documents
	registeredOnly bool
	executing      *semaphore.Weighted // by complexity
	streams        *semaphore.Weighted // open ones
}

// New returns a guard. A nil limiter admits all requests. registeredOnly refuses all documents but those that are
// registered. maxStreams is how many streams are open at the same time.
func New(limiter *ratelimit.Limiter, registered Registered, registeredOnly bool, maxStreams int) *Guard {
	return &Guard{
		weigher: newWeigher(), limiter: limiter, documents: newDocuments(registered), registeredOnly: registeredOnly,
		executing: semaphore.NewWeighted(bounds.ComplexityOfServer), streams: semaphore.NewWeighted(int64(maxStreams)),
	}
}

// Protect returns the handler of a server with the guard before it. Call it after everything else that the server uses,
// so that what observes responses also observes how long they waited.
func (g *Guard) Protect(server *handler.Server) http.Handler {
	server.AddTransport(transport.HTTP{Prepare: g.weighDocument, Cost: costOf, Open: g.openStream})
	server.SetQueryCache(g.documents) // weighDocument has parsed and validated everything.
	server.Use(g)
	server.AroundResponses(g.execute)
	next := http.MaxBytesHandler(server, maxBody)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call, refused := g.limiter.Admit(r.Context(), func(c ratelimit.Caller) (*ratelimit.Call, *ratelimit.Refusal) {
			return g.limiter.Begin(c, priceOfRequest(r))
		})
		if refused != nil {
			refuse(w, r, refused)
			return
		}
		defer call.End()
		ctx := database.LimitConnections(ratelimit.WithCall(r.Context(), call), call.Connections())
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// weighDocument finds the document of a request, and parses and validates it unless it is known. gqlgen finds
// it in the cache then. A request from a page of another member than the viewer ends here: it may not even read what needs no
// session, because the page would show it to the wrong person.
func (g *Guard) weighDocument(ctx context.Context, id string, request *graphql.RawParams) gqlerror.List {
	if err := session.CheckViewer(ctx); err != nil {
		return withCode(string(apperr.CodeOf(err)), gqlerror.Wrap(err))
	}
	if err := g.findDocument(id, request); err != nil {
		return gqlerror.List{err}
	}
	document, known := g.documents.Get(ctx, request.Query)
	if !known {
		var errs gqlerror.List
		if document, errs = g.weigher.document(request.Query, billOf(ctx)); len(errs) > 0 {
			return errs
		}
		g.documents.Add(ctx, request.Query, document)
	}
	return checkOperation(document, request.OperationName)
}

// checkOperation refuses a request that names no operation of its document, or none where there are several.
func checkOperation(document *ast.QueryDocument, name string) gqlerror.List {
	switch {
	case document.Operations.ForName(name) != nil:
		return nil
	case name == "":
		return gqlerror.List{refusal(errcode.ValidationFailed, "the document has several operations: name one as operationName")}
	}
	return gqlerror.List{refusal(errcode.ValidationFailed, "the document has no operation %q", name)}
}

// ExtensionName is that of the guard among gqlgen's extensions.
func (*Guard) ExtensionName() string { return "Guard" }

// Validate does nothing.
func (*Guard) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses operations that are too complex, and those whose caller has too few points.
func (g *Guard) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	complexity, err := g.weigher.operation(ctx, operation.Doc, operation.Operation, operation.Variables, billOf(ctx))
	if err == nil {
		operation.Stats.SetExtension(g.ExtensionName(), complexity)
	}
	return err
}

// ComplexityOf returns the complexity of the operation that the context belongs to, or 0 if it is not executed.
func ComplexityOf(ctx context.Context) int {
	if !graphql.HasOperationContext(ctx) {
		return 0
	}
	complexity, _ := graphql.GetOperationContext(ctx).Stats.GetExtension((*Guard)(nil).ExtensionName()).(int)
	return complexity
}

// execute executes an operation when the others under way leave enough complexity to it: first those of the same
// caller, so that nobody fills the queue of the server. What is cheap does not wait.
func (g *Guard) execute(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	complexity := ComplexityOf(ctx)
	if complexity < bounds.Cheap || ctx.Err() != nil {
		return next(ctx)
	}
	var err error
	if call := ratelimit.CallOf(ctx); call != nil {
		err = call.WaitComplexity(ctx, complexity)
	}
	if err == nil {
		err = g.executing.Acquire(ctx, int64(complexity))
	}
	if err != nil {
		graphql.AddError(ctx, err)
		return &graphql.Response{Errors: graphql.GetErrors(ctx)}
	}
	defer g.executing.Release(int64(complexity))
	return next(ctx)
}

// refuse answers a request before anything of it is read.
func refuse(w http.ResponseWriter, r *http.Request, refused *ratelimit.Refusal) {
	cost := func(_ context.Context, header http.Header) any {
		refused.SetHeader(header)
		return refused.Status
	}
	transport.HTTP{Cost: cost}.Refuse(w, r, http.StatusTooManyRequests, rateLimited(refused))
}

func rateLimited(refused *ratelimit.Refusal) *gqlerror.Error {
	return refusal(string(apperr.RateLimited), "%s", refused.Reason)
}

// costOf returns extensions.cost of the response to a request, or nil if nobody counts, and sets
// the header fields about it.
func costOf(ctx context.Context, header http.Header) any {
	call := ratelimit.CallOf(ctx)
	if call == nil {
		return nil
	}
	status := call.Status()
	status.SetHeader(header)
	return status
}
