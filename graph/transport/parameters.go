package transport

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// parameters are those of a request. A request has the text of its document, an id of it, or
// both.
type parameters struct {
	graphql.RawParams

	DocumentID string `json:"documentId"`
}

// findDocumentID finds the id of the document in a request of automatic persisted queries,
// which has it in extensions.persistedQuery.
func (p *parameters) findDocumentID() error {
	extension := p.Extensions["persistedQuery"]
	if extension == nil {
		return nil
	}
	if p.DocumentID != "" {
		return &problem{http.StatusBadRequest, "the document has two ids: send documentId or extensions.persistedQuery"}
	}
	fields, _ := extension.(map[string]any)
	version, _ := fields["version"].(json.Number)
	p.DocumentID, _ = fields["sha256Hash"].(string)
	if version != "1" || p.DocumentID == "" {
		return &problem{http.StatusBadRequest, "extensions.persistedQuery must be an object with version (1) and sha256Hash (a string)"}
	}
	return nil
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
