// Package transport carries GraphQL over HTTP: queries and mutations by POST, queries by
// GET. It follows the specification "GraphQL over HTTP" of the GraphQL Foundation, for both
// of its media types. Subscriptions, by POST or GET, are answered by Server-Sent Events: see stream.go.
//
//   - A request that cannot be executed has errors and no data. Its status is 400 in
//     application/graphql-response+json. In application/json it is 200 if the request is
//     well-formed, because clients of that type take other statuses for those of proxies.
//   - An operation that has been executed has the status 200, whatever its errors.
//   - 405, 406 and 415 say that the method, the Accept header or the Content-Type is none
//     that the endpoint knows.
package transport

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// Media types of responses. Without a preference of the client it is the older one.
const (
	graphqlResponse = "application/graphql-response+json"
	plainJSON       = "application/json"
	eventStream     = "text/event-stream"
)

// maxErrors bounds the errors about a request that cannot be executed: a document of a few
// kilobytes may break rules in thousands of places.
const maxErrors = 20

const (
	// writeTime is how long writing a large response may take. A client that does not read it
	// would keep it in memory.
	writeTime = 30 * time.Second
	// largeData is how many bytes the buffers of a connection have room for in any case.
	largeData = 64 << 10
)

// HTTP implements [graphql.Transport] for all requests.
type HTTP struct {
	// Cost returns extensions.cost of a response, or nil if there is none. It may set header
	// fields. It is called before the response is written.
	Cost func(context.Context, http.Header) any
	// Prepare is called with the id by which a request names its document, if any, and may
	// set the text. Its errors say why the request is not executed.
	Prepare func(ctx context.Context, documentID string, params *graphql.RawParams) gqlerror.List
	// Open is called before a stream begins, and may set header fields. The error says why it may not.
	Open func(context.Context, http.Header) (Stream, *gqlerror.Error)
}

var _ graphql.Transport = HTTP{}

// Supports accepts every request: those that are not GraphQL get an error that says why.
func (HTTP) Supports(*http.Request) bool { return true }

// Do answers a request.
func (h HTTP) Do(w http.ResponseWriter, r *http.Request, executor graphql.GraphExecutor) {
	mediaType := negotiate(r)
	refuse := func(err error) { h.writeProblem(w, r, forErrors(mediaType), err) }
	if mediaType == "" {
		mediaType = plainJSON
		refuse(&problem{
			http.StatusNotAcceptable, "the response is " + graphqlResponse + " or " + plainJSON + ": accept one of them",
		})
		return
	}
	params, err := read(w, r)
	if err != nil {
		refuse(err)
		return
	}
	params.Headers = r.Header
	operation, errs := h.createOperation(r.Context(), params, executor)
	if len(errs) > 0 {
		errs = errs[:min(len(errs), maxErrors)]
		for _, err := range errs {
			if err.Extensions["code"] == nil {
				err.Extensions = map[string]any{"code": errcode.ValidationFailed}
			}
		}
		status := http.StatusOK
		switch {
		case errs[0].Extensions["code"] == string(apperr.RateLimited):
			status = http.StatusTooManyRequests
		case forErrors(mediaType) == graphqlResponse:
			status = http.StatusBadRequest
		}
		response := executor.DispatchError(graphql.WithOperationContext(r.Context(), operation), errs)
		h.write(w, r, forErrors(mediaType), status, response, false)
		return
	}
	switch kind := operation.Operation.Operation; {
	case kind == ast.Subscription && !accepts(r, eventStream):
		refuse(&problem{http.StatusNotAcceptable, "a subscription is answered by Server-Sent Events: accept " + eventStream})
		return
	case kind == ast.Subscription && r.Method != http.MethodHead:
		h.stream(w, r, mediaType, executor, operation)
		return
	case kind != ast.Query && r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		refuse(&problem{http.StatusMethodNotAllowed, "send mutations by POST"})
		return
	}
	responses, ctx := executor.DispatchOperation(r.Context(), operation)
	response := responses(ctx)
	if response == nil { // There was no time left to begin.
		response = executor.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(ctx.Err())})
	}
	h.write(w, r, mediaType, http.StatusOK, response, true)
}

// createOperation prepares a request and makes an operation of it.
func (h HTTP) createOperation(
	ctx context.Context, params *parameters, executor graphql.GraphExecutor,
) (*graphql.OperationContext, gqlerror.List) {
	if errs := h.Prepare(ctx, params.DocumentID, &params.RawParams); len(errs) > 0 {
		return &graphql.OperationContext{Stats: graphql.Stats{Read: params.ReadTime}}, errs
	}
	return executor.CreateOperationContext(ctx, &params.RawParams)
}

// Refuse answers a request that is refused before anything is read, in the media type that its
// client prefers.
func (h HTTP) Refuse(w http.ResponseWriter, r *http.Request, status int, err *gqlerror.Error) {
	mediaType := negotiate(r)
	if mediaType == "" {
		mediaType = plainJSON
	}
	h.write(w, r, forErrors(mediaType), status, &graphql.Response{Errors: gqlerror.List{err}}, false)
}

// negotiate returns the media type of the response that the client prefers, or an empty
// string if it accepts none of them. See RFC 9110, section 12.5.1. Results of queries and mutations are events only for
// clients that accept nothing else.
func negotiate(r *http.Request) string {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return plainJSON
	}
	types := [...]string{plainJSON, graphqlResponse}
	var preferences [len(types)]preference
	for place, clause := range strings.Split(accept, ",") {
		pattern, parameters, _ := mime.ParseMediaType(clause) // In lower case; empty if it is none.
		for i, mediaType := range types {
			specific := map[string]int{mediaType: 3, "application/*": 2, "*/*": 1}[pattern]
			if specific > preferences[i].specific {
				preferences[i] = preference{specific, qualityOf(parameters["q"]), place}
			}
		}
	}
	best := 0
	if preferences[1].isAbove(preferences[0]) {
		best = 1
	}
	switch {
	case preferences[best].quality > 0:
		return types[best]
	case accepts(r, eventStream):
		return eventStream
	}
	return ""
}

// accepts reports whether a client names a media type among those that it accepts.
func accepts(r *http.Request, mediaType string) bool {
	for clause := range strings.SplitSeq(strings.Join(r.Header.Values("Accept"), ","), ",") {
		pattern, parameters, _ := mime.ParseMediaType(clause)
		if pattern == mediaType && qualityOf(parameters["q"]) > 0 {
			return true
		}
	}
	return false
}

// forErrors returns the media type in which a client that prefers mediaType gets the errors of a request that cannot be
// executed. There are no events then, so that clients see the status.
func forErrors(mediaType string) string {
	if mediaType == eventStream {
		return graphqlResponse
	}
	return mediaType
}

// preference is how much a client prefers a media type, by the most specific clause that matches it.
type preference struct {
	specific int
	quality  float64
	place    int // of the clause: of equal qualities the first one counts
}

func (p preference) isAbove(other preference) bool {
	return p.quality > other.quality || p.quality == other.quality && p.place < other.place
}

func qualityOf(text string) float64 {
	if text == "" {
		return 1
	}
	quality, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return quality
}

// writeProblem answers a request that is no GraphQL request.
func (h HTTP) writeProblem(w http.ResponseWriter, r *http.Request, mediaType string, err error) {
	p := &problem{status: http.StatusBadRequest, message: err.Error()}
	errors.As(err, &p)
	h.write(w, r, mediaType, p.status, &graphql.Response{Errors: gqlerror.List{{
		Message: p.message, Extensions: map[string]any{"code": errcode.ParseFailed},
	}}}, false)
}

// write writes a response: errors, data if the operation was executed, and extensions. One that
// was not executed has errors. The data is encoded already, and written as it is:
// [json.Marshal] would scan it again.
func (h HTTP) write(w http.ResponseWriter, r *http.Request, mediaType string, status int, response *graphql.Response, executed bool) {
	head, tail := []byte("{"), []byte("}")
	if len(response.Errors) > 0 {
		head = append(append(head, `"errors":`...), encode(response.Errors)...)
	}
	if executed && len(head) > 1 {
		head = append(head, ',')
	}
	if executed {
		head = append(head, `"data":`...)
	}
	if cost := h.Cost(r.Context(), w.Header()); cost != nil {
		tail = append(append([]byte(`,"extensions":{"cost":`), encode(cost)...), "}}"...)
	}
	if mediaType == eventStream {
		head, tail = append([]byte(nextEvent), head...), append(tail, "\n\n"+completeEvent...)
	}
	if len(response.Data) > largeData {
		// It fails only where there is no connection, as in tests.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeTime))
	}
	w.Header().Set("Content-Type", mediaType+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(head) //nolint:gosec // It is JSON, and sent as such. The client is gone if it fails, here and below.
	if executed {
		data := response.Data
		if len(data) == 0 {
			data = json.RawMessage("null")
		}
		_, _ = w.Write(data) //nolint:gosec // It is JSON too.
	}
	_, _ = w.Write(tail)
}

func encode(value any) []byte {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err) // The server turns it into an internal error.
	}
	return encoded
}
