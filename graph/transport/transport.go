// Package transport carries GraphQL over HTTP: queries and mutations by POST, queries by
// GET. It follows the specification "GraphQL over HTTP" of the GraphQL Foundation, for both
// of its media types.
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
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/munnerz/goautoneg"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/catfoster/catfoster/internal/domain/apperr"
)

// Media types of responses. Without a preference of the client it is the older one.
const (
	graphqlResponse = "application/graphql-response+json"
	plainJSON       = "application/json"
)

// maxErrors bounds the errors about a request that cannot be executed: a document of a few
// kilobytes may break rules in thousands of places.
const maxErrors = 20

const (
	// writeTime is how long writing a large response may take. A client that does not read it
	// would keep it in memory.
	writeTime = 30 * time.Second
	// turnTime is how long the turn of an operation lasts after its execution. Otherwise a few
	// clients that do not read would keep everybody else waiting.
	turnTime = time.Second
	// largeData is how many bytes the buffers of a connection have room for in any case.
	largeData = 64 << 10
)

// HTTP implements [graphql.Transport] for all requests.
type HTTP struct {
	// Cost returns extensions.cost of a response, or nil if there is none. It may set header
	// fields. It is called before the response is written.
	Cost func(context.Context, http.Header) any
	// Turn waits until an operation may be executed. It returns a function, or nil, that is called
	// when the response has been written, or some time after the execution if the client reads
	// slowly.
	Turn func(context.Context, *graphql.OperationContext) (end func(), err error)
}

var _ graphql.Transport = HTTP{}

// Supports accepts every request: those that are not GraphQL get an error that says why.
func (HTTP) Supports(*http.Request) bool { return true }

// Do answers a request.
func (h HTTP) Do(w http.ResponseWriter, r *http.Request, executor graphql.GraphExecutor) {
	mediaType := negotiate(r)
	refuse := func(err error) { h.writeProblem(w, r, mediaType, err) }
	if mediaType == "" {
		mediaType = plainJSON
		refuse(&problem{http.StatusNotAcceptable, "the response is " + graphqlResponse + " or " + plainJSON + ": accept one of them"})
		return
	}
	params, err := read(w, r)
	if err != nil {
		refuse(err)
		return
	}
	params.Headers = r.Header
	operation, errs := executor.CreateOperationContext(withDocumentID(r.Context(), params.DocumentID), &params.RawParams)
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
		case mediaType == graphqlResponse:
			status = http.StatusBadRequest
		}
		response := executor.DispatchError(graphql.WithOperationContext(r.Context(), operation), errs)
		h.write(w, r, mediaType, status, response, false)
		return
	}
	if r.Method != http.MethodPost && operation.Operation.Operation != ast.Query {
		w.Header().Set("Allow", http.MethodPost)
		refuse(&problem{http.StatusMethodNotAllowed, "send mutations by POST"})
		return
	}
	end, err := h.Turn(r.Context(), operation)
	if err != nil {
		response := executor.DispatchError(graphql.WithOperationContext(r.Context(), operation), gqlerror.List{gqlerror.Wrap(err)})
		h.write(w, r, mediaType, http.StatusOK, response, true)
		return
	}
	if end != nil {
		end = sync.OnceFunc(end)
		defer end()
	}
	responses, ctx := executor.DispatchOperation(r.Context(), operation)
	response := responses(ctx)
	if end != nil {
		defer time.AfterFunc(turnTime, end).Stop()
	}
	if response == nil { // There was no time left to begin.
		response = executor.DispatchError(ctx, gqlerror.List{gqlerror.Wrap(ctx.Err())})
	}
	h.write(w, r, mediaType, http.StatusOK, response, true)
}

// Refuse answers a request that is refused before anything is read, in the media type that its
// client prefers.
func (h HTTP) Refuse(w http.ResponseWriter, r *http.Request, status int, err *gqlerror.Error) {
	mediaType := negotiate(r)
	if mediaType == "" {
		mediaType = plainJSON
	}
	h.write(w, r, mediaType, status, &graphql.Response{Errors: gqlerror.List{err}}, false)
}

// negotiate returns the media type of the response that the client prefers, or an empty
// string if it accepts none of them. See RFC 9110, section 12.5.1.
func negotiate(r *http.Request) string {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(accept) == "" {
		return plainJSON
	}
	refused := map[string]bool{}
	clauses := goautoneg.ParseAccept(accept) // In the order of preference.
	for _, clause := range clauses {
		if clause.Q <= 0 {
			refused[clause.Type+"/"+clause.SubType] = true
		}
	}
	for _, clause := range clauses {
		for _, mediaType := range []string{plainJSON, graphqlResponse} {
			_, subtype, _ := strings.Cut(mediaType, "/")
			matches := (clause.Type == "*" || clause.Type == "application") && (clause.SubType == "*" || clause.SubType == subtype)
			if matches && clause.Q > 0 && !refused[mediaType] {
				return mediaType
			}
		}
	}
	return ""
}

// problem is why a request is no GraphQL request.
type problem struct {
	status  int
	message string
}

func (p *problem) Error() string { return p.message }

// read reads the parameters of a request. Errors do not repeat what the client sent.
func read(w http.ResponseWriter, r *http.Request) (*parameters, error) {
	start := graphql.Now()
	var params *parameters
	var err error
	switch r.Method {
	case http.MethodPost:
		params, err = readBody(r)
	case http.MethodGet, http.MethodHead:
		params, err = readQuery(r.URL.RawQuery)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		return nil, &problem{http.StatusMethodNotAllowed, "use GET or POST"}
	}
	if err != nil {
		return nil, err
	}
	if err := params.findDocumentID(); err != nil {
		return nil, err
	}
	if params.Query == "" && params.DocumentID == "" {
		return nil, &problem{http.StatusBadRequest, "query is missing: send a GraphQL document, or the id of one as documentId"}
	}
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return params, nil
}

func readBody(r *http.Request) (*parameters, error) {
	if !isJSON(r.Header.Get("Content-Type")) {
		return nil, &problem{http.StatusUnsupportedMediaType, "the request must be " + plainJSON + " in UTF-8"}
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, &problem{http.StatusUnsupportedMediaType, "the request must not be compressed"}
	}
	params := new(parameters)
	if err := decode(r.Body, params); err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return nil, &problem{http.StatusRequestEntityTooLarge, "the request is too large"}
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil, &problem{http.StatusRequestTimeout, "the request did not arrive in time"}
		}
		return nil, &problem{
			http.StatusBadRequest, "the request must be a JSON object with query (a string), documentId (a string), variables (an object), operationName (a string) and extensions (an object)",
		}
	}
	return params, nil
}

// isJSON reports whether a Content-Type is that of JSON in UTF-8.
func isJSON(contentType string) bool {
	if contentType == plainJSON {
		return true
	}
	mediaType, attributes, err := mime.ParseMediaType(contentType)
	charset := attributes["charset"]
	return err == nil && mediaType == plainJSON && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

func readQuery(raw string) (*parameters, error) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, &problem{http.StatusBadRequest, "the query of the URL is not encoded correctly"}
	}
	params := &parameters{DocumentID: query.Get("documentId")}
	// The document may be kept in memory, and would keep all of the URL there.
	params.Query, params.OperationName = strings.Clone(query.Get("query")), query.Get("operationName")
	for name, into := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if text := query.Get(name); text != "" && decode(strings.NewReader(text), into) != nil {
			return nil, &problem{http.StatusBadRequest, name + " must be a JSON object"}
		}
	}
	return params, nil
}

// decode decodes one JSON value and refuses anything behind it.
func decode(r io.Reader, into any) error {
	decoder := json.NewDecoder(r)
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.Join(errors.New("there is more than one JSON value"), err)
	}
	return nil
}

// writeProblem answers a request that is no GraphQL request.
func (h HTTP) writeProblem(w http.ResponseWriter, r *http.Request, mediaType string, err error) {
	p := &problem{status: http.StatusBadRequest, message: err.Error()}
	errors.As(err, &p)
	h.write(w, r, mediaType, p.status, &graphql.Response{Errors: gqlerror.List{{
		Message: p.message, Extensions: map[string]any{"code": errcode.ParseFailed},
	}}}, false)
}

// extensions returns the extensions of a response, or nil if there are none.
func (h HTTP) extensions(r *http.Request, header http.Header, response *graphql.Response) any {
	var cost any
	if h.Cost != nil {
		cost = h.Cost(r.Context(), header)
	}
	switch {
	case cost != nil && len(response.Extensions) == 0: // No map for every response.
		return struct {
			Cost any `json:"cost"`
		}{cost}
	case cost != nil:
		response.Extensions["cost"] = cost
		return response.Extensions
	case len(response.Extensions) > 0:
		return response.Extensions
	}
	return nil
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
	if extensions := h.extensions(r, w.Header(), response); extensions != nil {
		tail = append(append([]byte(`,"extensions":`), encode(extensions)...), '}')
	}
	if len(response.Data) > largeData {
		// It fails only where there is no connection, as in tests.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeTime))
	}
	w.Header().Set("Content-Type", mediaType+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(head) // The client is gone if it fails, here and below.
	if executed {
		data := response.Data
		if len(data) == 0 {
			data = json.RawMessage("null")
		}
		_, _ = w.Write(data)
	}
	_, _ = w.Write(tail) //nolint:gosec // It is JSON, and sent as such.
}

func encode(value any) []byte {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err) // The server turns it into an internal error.
	}
	return encoded
}
