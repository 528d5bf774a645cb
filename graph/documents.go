package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
)

// Memory that parsed documents take, as estimated by memoryOf.
const (
	memberDocuments = 32 << 20 // of members
	otherDocuments  = 4 << 20  // of everybody else
	bytesPerToken   = 400
)

// documents keeps parsed and valid documents. Their memory is bounded, and not only their
// number: a document takes up to 80 times the memory of its text.
//
// The documents of members have a space of their own, so that requests without a session
// cannot push them out: a document moves there when a signed-in caller has sent it. Those
// that are registered always stay.
type documents struct {
	registered Registered

	mu      sync.Mutex
	members *sizedCache[*ast.QueryDocument]
	others  *sizedCache[*ast.QueryDocument]
}

var _ graphql.Cache[*ast.QueryDocument] = (*documents)(nil)

func newDocuments(registered Registered) *documents {
	return &documents{
		registered: registered,
		members:    newSizedCache[*ast.QueryDocument](memberDocuments),
		others:     newSizedCache[*ast.QueryDocument](otherDocuments),
	}
}

// Get returns the document with a text.
func (d *documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	if found, ok := d.registered.documents[text]; ok {
		return found, true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	found, ok := d.members.get(text)
	if !ok {
		found, ok = d.others.get(text)
	}
	return found, ok
}

// textOf returns the text of the document with an id: the hash of the text or, if it is
// registered, any other id that it has there.
func (d *documents) textOf(id string) (string, bool) {
	if text, ok := d.registered.texts[id]; ok {
		return text, true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	text, ok := d.members.keyOf(id)
	if !ok {
		text, ok = d.others.keyOf(id)
	}
	return text, ok
}

// Add adds a document that is valid. Who has sent it is not known yet.
func (d *documents) Add(_ context.Context, text string, document *ast.QueryDocument) {
	memory, hash := memoryOf(text), hashOf(text)
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, kept := d.members.get(text); !kept { // Another request may have been faster.
		d.others.add(text, hash, document, memory)
	}
}

// keep moves the document of a signed-in caller to those of members.
func (d *documents) keep(text string, document *ast.QueryDocument) {
	if d.isKept(text) {
		return
	}
	memory, hash := memoryOf(text), hashOf(text)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.others.remove(text)
	d.members.add(text, hash, document, memory)
}

func (d *documents) isKept(text string) bool {
	if d.registered.has(text) {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	_, kept := d.members.get(text)
	return kept
}

// hashOf returns the SHA-256 hash of a text as clients write it, in hexadecimal digits.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// memoryOf returns an upper bound of the memory, in bytes, that a parsed document takes.
func memoryOf(text string) int {
	tokens := 0
	reader := lexer.New(&ast.Source{Input: text})
	for token, err := reader.ReadToken(); err == nil && token.Kind != lexer.EOF; token, err = reader.ReadToken() {
		tokens++
	}
	return 2*len(text) + bytesPerToken*tokens
}
