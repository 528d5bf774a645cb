package transport

import (
	"context"
	"encoding/json"
	"net/http"

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

type documentIDKey struct{}

func withDocumentID(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return context.WithValue(ctx, documentIDKey{}, id)
}

// DocumentID returns the id by which a request names its document, or an empty string. It is
// the parameter documentId of the specification's appendix "Persisted Documents", or the hash
// of an automatic persisted query.
func DocumentID(ctx context.Context) string {
	id, _ := ctx.Value(documentIDKey{}).(string)
	return id
}
