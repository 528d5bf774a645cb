package guard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"

	"github.com/catfoster/catfoster/internal/identity/session"
)

// Memory that parsed documents take, as estimated by memoryOf, and their number.
const (
	memberDocuments  = 32 << 20 // of members
	visitorDocuments = 4 << 20  // of everybody else
	bytesPerToken    = 400
	maxDocuments     = 1000
)

// documents keeps parsed and valid documents: the registered ones always, of others those that were used
// last. Their memory is bounded, and not only their number: a document takes up to 80 times the memory of its text.
// Members have a space of their own, so that requests without a session cannot push out their documents.
type documents struct {
	registered Registered

	mu                sync.Mutex
	members, visitors *space
}

var _ graphql.Cache[*ast.QueryDocument] = (*documents)(nil)

func newDocuments(registered Registered) *documents {
	return &documents{registered: registered, members: newSpace(memberDocuments), visitors: newSpace(visitorDocuments)}
}

// Get returns the document with a text.
func (d *documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	if found, ok := d.registered.documents[text]; ok {
		return found, true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	found, ok := d.members.used.Get(text)
	if !ok {
		found, ok = d.visitors.used.Get(text)
	}
	return found.document, ok
}

// textOf returns the text of the document with an id: the hash of the text or, if it is
// registered, any other id that it has there.
func (d *documents) textOf(id string) (string, bool) {
	if text, ok := d.registered.texts[id]; ok {
		return text, true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	text, ok := d.members.texts[id]
	if !ok {
		text, ok = d.visitors.texts[id]
	}
	return text, ok
}

// Add adds a document that is valid, to the space of the caller.
func (d *documents) Add(ctx context.Context, text string, document *ast.QueryDocument) {
	added := entry{hashOf(text), document, memoryOf(text)}
	d.mu.Lock()
	defer d.mu.Unlock()
	if session.KnownViewer(ctx) != nil {
		d.members.add(text, added)
	} else {
		d.visitors.add(text, added)
	}
}

// space keeps documents by their texts, bounded by the sum of their memory. It is not safe for concurrent use.
type space struct {
	used          *simplelru.LRU[string, entry]
	texts         map[string]string // by hash
	memory, limit int
}

type entry struct {
	hash     string
	document *ast.QueryDocument
	memory   int
}

func newSpace(limit int) *space {
	s := &space{texts: map[string]string{}, limit: limit}
	used, err := simplelru.NewLRU(maxDocuments, func(_ string, e entry) {
		s.memory -= e.memory
		delete(s.texts, e.hash)
	})
	if err != nil {
		panic(err) // maxDocuments is not positive.
	}
	s.used = used
	return s
}

// add replaces the document with a text. One that is larger than the limit is not kept.
func (s *space) add(text string, e entry) {
	s.used.Remove(text)
	s.memory += e.memory
	s.used.Add(text, e)
	s.texts[e.hash] = text
	for s.memory > s.limit {
		s.used.RemoveOldest()
	}
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
