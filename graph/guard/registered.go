package guard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// Manifest is a file with the operations of a frontend, in one of two formats:
//
//   - a JSON object with the text of each document by its id, as Relay's compiler writes it;
//   - Apollo's persisted query manifest, version 1.
type Manifest struct {
	// Name is that of the file, for errors.
	Name    string
	Content []byte
}

// Registered has the documents of registered operations, parsed. Unlike others they always
// stay in memory.
type Registered struct {
	texts     map[string]string             // by id
	documents map[string]*ast.QueryDocument // by text
}

// Operations returns the operations of all documents.
func (r Registered) Operations() []*ast.OperationDefinition {
	var all []*ast.OperationDefinition
	for _, document := range r.documents {
		all = append(all, document.Operations...)
	}
	return all
}

// Len returns the number of documents.
func (r Registered) Len() int { return len(r.documents) }

func (r Registered) has(text string) bool {
	_, ok := r.documents[text]
	return ok
}

// Register reads manifests. The error names the manifest, the id and the reason of everything
// that is wrong: each document must fit the schema and the limits of requests, as far as they
// do not depend on variables. An id that looks like a SHA-256 hash must be that of the text,
// and no id may stand for two texts.
func Register(manifests ...Manifest) (Registered, error) {
	r := Registered{texts: map[string]string{}, documents: map[string]*ast.QueryDocument{}}
	weigher := newWeigher()
	var problems []error
	for _, manifest := range manifests {
		texts, err := manifest.read()
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", manifest.Name, err))
		}
		for _, operation := range texts {
			if err := r.add(weigher, operation); err != nil {
				problems = append(problems, fmt.Errorf("%s: %q: %w", manifest.Name, operation.ID, err))
			}
		}
	}
	if len(problems) > 0 {
		return Registered{}, errors.Join(problems...)
	}
	return r, nil
}

// operation is an entry of a manifest.
type operation struct {
	ID   string
	Body string
}

// read returns the operations in the order of the file, or of their ids.
func (m Manifest) read() ([]operation, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(m.Content, &fields); err != nil {
		return nil, fmt.Errorf("the manifest is not a JSON object: %w", err)
	}
	if fields["format"] != nil {
		return readApollo(m.Content)
	}
	var texts map[string]string
	if err := json.Unmarshal(m.Content, &texts); err != nil {
		return nil, fmt.Errorf("the manifest is not a JSON object of texts: %w", err)
	}
	operations := make([]operation, 0, len(texts))
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		operations = append(operations, operation{id, texts[id]})
	}
	return operations, nil
}

func readApollo(content []byte) ([]operation, error) {
	const format, version = "apollo-persisted-query-manifest", 1
	var manifest struct {
		Format     string
		Version    int
		Operations []operation
	}
	if err := json.Unmarshal(content, &manifest); err != nil {
		return nil, fmt.Errorf("the manifest is not JSON of its format: %w", err)
	}
	if manifest.Format != format || manifest.Version != version {
		return nil, fmt.Errorf("the manifest has the format %q in version %d, which is not known: write %s in version %d", manifest.Format, manifest.Version, format, version)
	}
	return manifest.Operations, nil
}

// add adds the document of an operation.
func (r Registered) add(w weigher, o operation) error {
	id, hash := shortID(o.ID), hashOf(o.Body)
	if id == "" {
		return errors.New("the id is empty")
	}
	if sum, err := hex.DecodeString(id); err == nil && len(sum) == sha256.Size && id != hash {
		return fmt.Errorf("the id is not the SHA-256 hash of the document, which is %s", hash)
	}
	if text, known := r.texts[id]; known && text != o.Body {
		return errors.New("the id is that of another document too")
	}
	if !r.has(o.Body) {
		document, err := w.registrable(o.Body)
		if err != nil {
			return err
		}
		r.documents[o.Body] = document
	}
	r.texts[id], r.texts[hash] = o.Body, o.Body
	return nil
}

// registrable parses and validates a document in the steps of a request.
func (w weigher) registrable(text string) (*ast.QueryDocument, error) {
	document, problems := w.document(text, bill{})
	if len(problems) > 0 {
		return nil, problems[0]
	}
	for _, operation := range document.Operations {
		least := smallest(operation.VariableDefinitions)
		if _, err := w.operation(context.Background(), document, operation, least, bill{}); err != nil {
			return nil, err
		}
	}
	return document, nil
}

// smallest returns the variables with which an operation has the least complexity: pages of one
// item, and no lists.
func smallest(variables ast.VariableDefinitionList) map[string]any {
	values := map[string]any{}
	for _, variable := range variables {
		if variable.Type.NamedType == "Int" {
			values[variable.Variable] = int64(1)
		}
	}
	return values
}
