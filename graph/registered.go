package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/99designs/gqlgen/complexity"
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	gqlvalidator "github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/catfoster/catfoster/graph/generated"
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
	config := generated.Config{Schema: Schema()}
	setComplexity(&config.Complexity)
	schema := generated.NewExecutableSchema(config)
	var problems []error
	for _, manifest := range manifests {
		texts, err := manifest.read()
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", manifest.Name, err))
		}
		for _, operation := range texts {
			if err := r.add(schema, operation); err != nil {
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
func (r Registered) add(schema graphql.ExecutableSchema, o operation) error {
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
		document, err := parse(schema, o.Body)
		if err != nil {
			return err
		}
		r.documents[o.Body] = document
	}
	r.texts[id], r.texts[hash] = o.Body, o.Body
	return nil
}

// parse parses and validates a document in the steps of a request.
func parse(schema graphql.ExecutableSchema, text string) (*ast.QueryDocument, error) {
	if len(text) > maxDocument {
		return nil, fmt.Errorf("the document has %d bytes, the limit is %d", len(text), maxDocument)
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, maxTokens)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the document does not parse: %w", err)
	case len(document.Operations) == 0:
		return nil, errors.New("the document has no operation")
	case !isCheap(document):
		return nil, errors.New("the document repeats too many fields and fragments")
	}
	if problems := gqlvalidator.ValidateWithRules(schema.Schema(), document, rules.NewDefaultRules()); len(problems) > 0 {
		return nil, fmt.Errorf("the document does not fit the schema: %w", problems[0])
	}
	for _, operation := range document.Operations {
		if _, err := checkFields(document, operation); err != nil {
			return nil, err
		}
		if least := complexity.Calculate(context.Background(), schema, operation, smallest(operation.VariableDefinitions)); least > maxComplexity {
			return nil, fmt.Errorf("the operation has complexity %d at least, the limit is %d", least, maxComplexity)
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
			values[variable.Variable] = 1
		}
	}
	return values
}
