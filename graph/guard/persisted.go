package guard

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// findDocument sets the text of the document if the request has its id only, and refuses documents that may
// not run, before anything is parsed.
//
// An id is the SHA-256 hash of the text, or one that a manifest registers. The hash of every
// valid document that was sent before is known too, while the document is in memory: those are
// automatic persisted queries.
func (g *Guard) findDocument(id string, request *graphql.RawParams) *gqlerror.Error {
	if id := shortID(id); id != "" {
		text, known := g.documents.textOf(id)
		switch {
		case request.Query == "" && known:
			request.Query = text
		case request.Query == "" && !g.registeredOnly:
			// Clients look for this message or this code, and send the text then.
			return refusal(codeUnknownID, "PersistedQueryNotFound")
		case request.Query != "" && !isOf(id, request.Query, text):
			return refusal(errcode.ParseFailed, "the id is not that of the document")
		}
	}
	if g.registeredOnly && !g.documents.registered.has(request.Query) {
		return refusal(codeUnregistered,
			"only registered operations run here, and this is none; the page may be older or newer than the server")
	}
	return nil
}

// isOf reports whether an id is that of a text. known is the text that the id is known to
// have, if any.
func isOf(id, text, known string) bool { return text == known || known == "" && id == hashOf(text) }

// shortID returns an id without the prefix that says that it is a hash. See GraphQL over HTTP,
// appendix "Persisted Documents".
func shortID(id string) string { return strings.TrimPrefix(id, "sha256:") }
